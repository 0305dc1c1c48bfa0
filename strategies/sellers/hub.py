"""Wins rounds ahead of time to sell their blocks on, one by one, just in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean
from typing import ClassVar

from chain.money import GWEI_PER_ETH
from market.intents import Build, Intent, SellBlock
from market.past_prices import MOST_PRICES
from market.view import AuctionView, View
from strategies.base import Strategy
from strategies.bidding import bids
from strategies.parameters import between, one_of, refuse_lumpy
from strategies.round_worths import RESERVES, Blocks, Habits, blocks_of, resale_reserve, worths_of
from strategies.setup import Setup
from strategies.theory.round_entry import Tenderers, entry

UNSOLD = ("empty", "endowed")


class Hub(Strategy):
    """Has no use for blocks. Bids in the primary market what the blocks of a round bring when they are sold on,
    which is dominant in a second-price sale, and sells each just in time to who bids most.

    Where its bid costs something it bids with the chance that is an equilibrium among hubs and buyers who know no
    more than the law (Levin and Smith 1994; Öz, Schlegel and Mamageishvili 2026 for the hub of Timeboost).
    """

    roles = frozenset({"seller"})
    bids_in: ClassVar[frozenset[str] | None] = frozenset()

    def __init__(
        self,
        resale_reserve: str = "none",
        worth: str = "solved",
        window: int = 20,
        factor: float = 1.0,
        presence: float = 1.0,
        entry: str = "equilibrium",
        hubs: int = 1,
        buyer_cost_eth: float = 0.0,
        unsold: str = "empty",
        rebate: float = 0.0,
    ) -> None:
        """`resale_reserve` of each block: "none", "own" (which it has not) or "best" (Myerson's); `worth` of a
        round: "solved", or "past", the mean of the last `window` prices of blocks; it bids `factor` times that,
        in a share `presence` of the rounds. `entry`: "equilibrium" or "always"; for the former it takes there to
        be so many `hubs`, itself among them, buyers whose bids cost `buyer_cost_eth`, and rounds `unsold` to be
        "empty" or "endowed". `rebate`: the share of what it expects to gain in a round, its worth less the last
        price of one, that goes back in equal parts to those who bid for its blocks, whatever they bid."""
        self.reserve = one_of("resale_reserve", resale_reserve, RESERVES)
        self.worth = one_of("worth", worth, ("solved", "past"))
        self.window = int(between("window", window, 1, MOST_PRICES))
        self.factor = between("factor", factor, 0)
        self.presence = between("presence", presence, 0, 1)
        self.entry = one_of("entry", entry, ("equilibrium", "always"))
        self.hubs = int(between("hubs", hubs, 1, 1000))
        self.buyer_cost = between("buyer_cost_eth", buyer_cost_eth, 0)
        self.habits = Habits(buyer=self.reserve, hub=self.reserve, unsold=one_of("unsold", unsold, UNSOLD))
        self.rebate = between("rebate", rebate, 0, 1)

    def start(self, setup: Setup) -> None:
        super().start(setup)
        if self.reserve == "best":
            refuse_lumpy(setup.cost, "Myerson's reserve")
        self.bid_worth = 0.0  # of the last round that it bid for, Gwei
        self.blocks = 0  # of that round

    def primary(self, view: View) -> Sequence[Intent]:
        wanted = [lot for lot in view.auctions if self.is_in(view, lot)]
        return bids(view, wanted, lambda lot: self.price(view, lot))

    def price(self, view: View, lot: AuctionView) -> float:
        """What it bids for a lot, Gwei."""
        blocks = blocks_of(view, self.setup, lot)
        self.bid_worth, self.blocks = self.resold(view, blocks), len(blocks)
        return self.factor * self.bid_worth

    def resold(self, view: View, blocks: Blocks) -> float:
        """What the blocks bring, Gwei; by the theory, too, as long as none has been sold."""
        if not blocks:
            return 0.0
        past = view.market.prices.block[-self.window :]
        if self.worth == "past" and past:
            return len(blocks) * fmean(past)
        return worths_of(blocks, self.setup.buyers, self.habits).hub * GWEI_PER_ETH

    def is_in(self, view: View, lot: AuctionView) -> bool:
        """Whether it bids for a lot this time."""
        return self.is_drawn(self.presence) and self.is_drawn(self.chance(view, lot))

    def is_drawn(self, chance: float) -> bool:
        """True with that chance, and without a draw where it is certain."""
        return chance >= 1 or (chance > 0 and self.setup.rng.random() < chance)

    def chance(self, view: View, lot: AuctionView) -> float:
        """With what chance it bids in equilibrium."""
        if view.primary_entry_gwei == 0 or self.entry == "always":
            return 1.0
        blocks = blocks_of(view, self.setup, lot)
        if not blocks:
            return 0.0
        worth = worths_of(blocks, self.setup.buyers, self.habits)
        contest = Tenderers(
            worth=replace(worth, hub=self.resold(view, blocks) / GWEI_PER_ETH),
            buyers=self.setup.buyers,
            hubs=self.hubs,
            reserve=lot.reserve_gwei / GWEI_PER_ETH,
            buyer_cost=self.buyer_cost,
            hub_cost=view.primary_entry_gwei / GWEI_PER_ETH,
        )
        return entry(contest).hub

    def propose(self, view: View) -> Sequence[Intent]:
        """A block of its round is on: it goes to who pays most for it."""
        if not self.setup.can_sell_block:
            return [Build()]
        return [SellBlock(resale_reserve(view, self.setup, self.reserve, 0), self.given_back(view))]

    def given_back(self, view: View) -> int:
        """The block's part of what it gives back, Gwei."""
        if self.rebate == 0:
            return 0
        paid = view.market.prices.primary[-1:] or (0,)
        gain = max(self.bid_worth - paid[0], 0.0) / max(self.blocks, 1)
        return min(int(self.rebate * gain), view.free_gwei)
