"""Bids for a round of blocks what holding it is worth more than losing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from chain.money import GWEI_PER_ETH
from chain.rewards.informed import InformedOutlook
from market.auctions import PAID_AS_BID
from market.intents import Build, Intent, SellBlock
from market.view import AuctionView, View
from strategies.base import Strategy
from strategies.bidding import bids
from strategies.parameters import between, one_of, refuse_lumpy
from strategies.ranked_cost import second_best, typical
from strategies.round_worths import RESERVES, Habits, blocks_of, resale_reserve, worths_of
from strategies.setup import Setup
from strategies.signalled_lot import over_ranked, tied_bid
from strategies.theory.resold_blocks import Worths
from strategies.theory.round_entry import Tenderers, buyers_alone, entry
from strategies.valuation import certain_blocks


class RoundBuyer(Strategy):
    """Bids, before it knows its own costs, what a round is worth to it that it holds less what one is worth that
    another has, who sells its blocks on; uses each block or sells it just in time, and bids for those of others.

    A bid that costs something it makes with the chance that is an equilibrium among buyers and hubs who know no
    more than the law (Levin and Smith 1994; `theory.round_entry`); never where it loses by it.
    """

    roles = frozenset({"seller", "buyer"})
    bids_in: ClassVar[frozenset[str] | None] = frozenset()

    def __init__(
        self,
        resale_reserve: str = "own",
        hubs: int = 0,
        hub_chance: float = 1.0,
        hub_reserve: str = "none",
        hub_cost_eth: float = 0.0,
        buyers: int = 0,
        entry: str = "equilibrium",
        signals: str = "tie",
        unsold: str = "empty",
        rebate: float = 0.0,
    ) -> None:
        """`resale_reserve` of its blocks: "none" or "own" (its own value), "best" (Myerson's), or "never": it
        sells none. It takes so many `hubs` to bid, each in a share `hub_chance` of the rounds, to sell at
        `hub_reserve`, to sink `hub_cost_eth` for a bid and to give back a share `rebate` of their gain; so many
        `buyers` to be there, itself among them (0: all who can exploit a block), who do as it does; and rounds
        `unsold` to be "empty" or "endowed". `entry`: "equilibrium", "always" or "never". With private signals of
        the reward it bids what the round is worth by them: if the highest other signal ties with its own ("tie",
        for rivals with signals as good), or by its "own" alone (against a hub without any)."""
        self.reserve = one_of("resale_reserve", resale_reserve, (*RESERVES, "never"))
        self.hubs = int(between("hubs", hubs, 0, 1000))
        self.hub_chance = between("hub_chance", hub_chance, 0, 1)
        self.hub_cost = between("hub_cost_eth", hub_cost_eth, 0)
        self.named = int(between("buyers", buyers, 0, 1_000_000))
        self.entry = one_of("entry", entry, ("equilibrium", "always", "never"))
        self.signals = one_of("signals", signals, ("tie", "own"))
        self.rebate = between("rebate", rebate, 0, 1)
        unsold = one_of("unsold", unsold, ("empty", "endowed"))
        self.habits = Habits(self.reserve, one_of("hub_reserve", hub_reserve, RESERVES), unsold)

    def start(self, setup: Setup) -> None:
        super().start(setup)
        self.buyers = self.named or setup.buyers
        if "best" in self.habits:
            refuse_lumpy(setup.cost, "Myerson's reserve")
        last = typical(setup.cost) if self.reserve == "never" else second_best(setup.cost, self.buyers)
        self.left = over_ranked(last)

    # Ahead of time

    def primary(self, view: View) -> Sequence[Intent]:
        wanted = [lot for lot in view.auctions if self.is_in(view, lot)]
        return bids(view, wanted, lambda lot: self.price(view, lot))

    def is_in(self, view: View, lot: AuctionView) -> bool:
        """Whether it bids for a lot this time."""
        chance = self.chance(view, lot)
        return chance >= 1 or (chance > 0 and self.setup.rng.random() < chance)

    def chance(self, view: View, lot: AuctionView) -> float:
        """With what chance it bids in equilibrium."""
        if self.entry != "equilibrium":
            return float(self.entry == "always")
        contest = self.contest(view, lot)
        if contest is None:
            return 0.0
        if view.informed is not None or self.is_given_back:
            return float(self.pays(contest))
        if self.hub_chance < 1:
            return buyers_alone(contest, self.no_hub)
        return entry(contest).buyer

    def price(self, view: View, lot: AuctionView) -> float:
        """What it bids for a lot, Gwei."""
        contest = self.contest(view, lot)
        if contest is None:
            return 0.0
        tied = self.tied(view, lot) if self.signals == "tie" else None
        return self.more(contest) * GWEI_PER_ETH if tied is None else tied

    def more(self, contest: Tenderers) -> float:
        """What holding is worth more than losing to who else bids most, ETH."""
        worth = contest.worth
        if contest.hubs and (self.buyers == 1 or worth.hub >= contest.against_buyer):
            return worth.holding - worth.losing_to_hub
        if self.buyers == 1:
            return worth.holding - worth.unsold
        return contest.against_buyer

    def pays(self, contest: Tenderers) -> bool:
        """Whether a bid brings its cost where no other buyer bids, and more where one is paid to lose."""
        worth, floor = contest.worth, contest.reserve
        to_hub = max(worth.holding - worth.losing_to_hub - max(worth.hub, floor), 0.0)
        to_nobody = worth.holding - worth.unsold - floor
        gain = self.no_hub * to_nobody + (1 - self.no_hub) * to_hub
        return gain >= contest.buyer_cost and (gain > 0 or not self.is_given_back)

    def contest(self, view: View, lot: AuctionView) -> Tenderers | None:
        """The sale of a round as it takes it to be: its own worths by what it knows, a hub's by what is public."""
        blocks = blocks_of(view, self.setup, lot)
        if not blocks:
            return None
        floor = lot.reserve_gwei / GWEI_PER_ETH
        worth = worths_of(blocks, self.buyers, self.habits)
        hub = self.hub_worth(view, lot, worth)
        back = self.rebate * max(hub - floor, 0.0) / self.buyers if self.is_given_back else 0.0
        return Tenderers(
            worth=replace(worth, hub=hub, losing_to_hub=worth.losing_to_hub + back),
            buyers=self.buyers,
            hubs=self.hubs,
            reserve=floor,
            buyer_cost=view.primary_entry_gwei / GWEI_PER_ETH,
            hub_cost=self.hub_cost,
        )

    def hub_worth(self, view: View, lot: AuctionView, own: Worths) -> float:
        """What a hub without signals bids, ETH."""
        if view.informed is None:
            return own.hub
        public = blocks_of(view._replace(informed=None), self.setup, lot)
        return worths_of(public, self.buyers, self.habits).hub

    @property
    def no_hub(self) -> float:
        """The chance that no hub bids."""
        return (1 - self.hub_chance) ** self.hubs

    @property
    def is_given_back(self) -> bool:
        """Whether who loses has a share of what a hub gains: two hubs leave each other nothing to share."""
        return self.rebate > 0 and self.hubs == 1

    def tied(self, view: View, lot: AuctionView) -> float | None:
        """The equilibrium bid among rivals with signals as good as its own: E[· | the highest other one ties]
        (Milgrom and Weber 1982), Gwei. None without signals, rivals or doubt."""
        outlook, series = view.outlook, lot.series
        blocks = None if series is None else certain_blocks(self.setup, series)
        if blocks is None or self.buyers < 2 or not isinstance(outlook, InformedOutlook):
            return None
        lefts = [self.left] * len(blocks)
        return tied_bid(outlook, blocks, lefts, self.buyers, lot.format in PAID_AS_BID)

    # Just in time

    def propose(self, view: View) -> Sequence[Intent]:
        """A block of its round is on."""
        if self.reserve == "never" or not self.setup.can_sell_block:
            return [Build()]
        return [SellBlock(resale_reserve(view, self.setup, self.reserve, self.worth_now(view)))]

    def build(self, view: View) -> Sequence[Intent]:
        """Another's block is on: it bids what the block is worth to it, if only 1 Gwei where bids are paid."""
        worth = self.worth_now(view)
        return bids(view, view.auctions, lambda lot: worth or min(lot.start_gwei, 1))

    def worth_now(self, view: View) -> int:
        """(R − θ)^+ of the present block, Gwei; 0 for one who cannot exploit it."""
        reward, cost = view.outlook.reward_gwei, view.cost(view.slot)
        return 0 if reward is None or cost is None else max(reward - cost, 0)
