"""Enters, and bids, as the theory of auctions says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

import numpy as np

from chain.money import GWEI_PER_ETH
from market.auctions import PAID_AS_BID
from market.intents import AuctionBid, Intent
from market.view import AuctionView, TicketView, View
from strategies.base import Buyer
from strategies.coins import Coins
from strategies.contest import SPECIAL_BIDS, Contest, SeenLot, entry_chance, first_price_bids, special_bids
from strategies.parameters import between, one_of, rate
from strategies.prospect import Prospect, law_of, share_up_to
from strategies.purse import Purse
from strategies.setup import Setup
from strategies.theory.laws import Law
from strategies.theory.sale_values import INFORMATION

SHADED = PAID_AS_BID | SPECIAL_BIDS.keys()
"""The formats in which one does not bid one's value."""


class Equilibrium(Buyer):
    """Enters a sale where that pays in equilibrium, and bids what its format calls for. That is the value in
    second-price and English sales (Vickrey 1961), less in first-price and Dutch ones (Krishna 2010, sections 2.3
    and 2.5); entry as in Samuelson (1985), uninformed as in Levin and Smith (1994). Where the third price is
    paid it is more, where all pay less (section 3.2); the market refuses a bid above one's money. For tickets with
    a certain block."""

    plays_rounds: ClassVar[bool] = False
    in_rounds: ClassVar[str] = (
        "round_buyer, which enters and bids for rounds, or first_price_equilibrium, which shades its bids"
    )

    bids_in = frozenset(SPECIAL_BIDS)

    def __init__(
        self,
        discount_rate: float = 0.0,
        entry: Literal["informed", "uninformed"] = "informed",
        cost_information: Literal["at_start", "gradual", "at_maturity"] = "at_start",
        arrival_rate: float | None = None,
        costs: Any = None,
    ) -> None:
        """`discount_rate` per block; `entry`: whether the own cost is known when one decides to enter;
        `cost_information`: when buyers learn their costs of a ticket's block; `arrival_rate`: buyers who come a
        block, where their number is not fixed; `costs`: a `Law` of costs, ETH, left out: that of the run."""
        self.discount_rate = rate("discount_rate", discount_rate)
        self.is_informed = one_of("entry", entry, ("informed", "uninformed")) == "informed"
        self.cost_information = one_of("cost_information", cost_information, tuple(INFORMATION))
        self.arrival_rate = None
        if arrival_rate is not None:
            self.arrival_rate = between("arrival_rate", arrival_rate, 0)
        self._law: Law | None = costs

    def start(self, setup: Setup) -> None:
        super().start(setup)
        self.law: Law = law_of(setup.cost)
        if self._law is not None:
            self.law = self._law
        self.coins = Coins(setup.rng)
        self.life = setup.maturity or 0
        self.informed: list[float] = INFORMATION[self.cost_information](self.life).tolist()
        self.is_free = setup.entry_gwei == 0

    def primary(self, view: View) -> Sequence[Intent]:
        """It buys from the protocol where that takes a bid of its own."""
        if any(auction.format in SPECIAL_BIDS for auction in view.auctions):
            return self.bid(view)
        return ()

    def bid(self, view: View) -> Sequence[Intent]:
        purse = Purse(view, self.setup)
        placed = []
        for auction in view.auctions:
            price = self.price(view, auction)
            if price is None or price < auction.reserve_gwei:
                continue
            entry = view.primary_entry_gwei if auction.market == "primary" else self.setup.entry_gwei
            is_paid = price <= purse.most - entry
            if is_paid:
                purse.pay(price, entry)
            if is_paid or auction.format in SPECIAL_BIDS:
                placed.append(AuctionBid(auction.id, price))
        return placed

    def price(self, view: View, auction: AuctionView) -> int | None:
        """The bid in a ticket's auction, Gwei; None for one who stays out."""
        if auction.ticket is None or auction.seller == view.account:
            return None
        lot = self.lot(view, auction, auction.ticket)
        if lot is None:
            return None
        if self.is_free and lot.cost is not None and auction.format not in SHADED:
            return round(lot.prospect.worth(lot.cost) / lot.growth * GWEI_PER_ETH)
        offer = self.offer_in(self.contest(auction, lot), auction, lot.cost)
        if offer is None:
            return None
        return round(offer / lot.growth * GWEI_PER_ETH)

    def lot(self, view: View, auction: AuctionView, ticket: TicketView) -> SeenLot | None:  # noqa: ARG002
        """What is for sale; None where that is not a certain block."""
        block = auction.block
        if block is None:
            return None
        age = min(max(self.life - (block - view.slot), 0), self.life)
        growth = (1 + self.discount_rate) ** (block - view.slot)
        return SeenLot(Prospect(view.outlook, block, self.law), view.cost(block), age, self.informed[age], growth)

    def contest(self, auction: AuctionView, lot: SeenLot) -> Contest:
        """The sale as everyone sees it."""
        buyers: int | None = self.setup.buyers
        present = 0.0
        if self.arrival_rate is not None:
            buyers = None
            present = self.arrival_rate * lot.age
        entry_cost = self.setup.entry_gwei
        reserve = auction.reserve_gwei
        terms = (entry_cost / GWEI_PER_ETH * lot.growth, reserve / GWEI_PER_ETH * lot.growth)
        return Contest(lot.prospect, buyers, present, lot.informed, *terms)

    def offer_in(self, contest: Contest, auction: AuctionView, cost: int | None) -> float | None:
        """The bid of a buyer with this cost, None if it does not know it: ETH at the block that is for sale."""
        assert auction.ticket is not None
        coin = self.coins[auction.ticket.serial]
        if auction.format in SPECIAL_BIDS:
            return self.special_offer(contest, auction.format, cost)
        worth = self.expected_worth(contest, cost)
        chance = 1.0
        if not self.is_informed and not self.is_free:
            chance = entry_chance(contest)
        # Who knows nothing enters by the coin; with a chance of 1 it always does
        enters = coin < chance
        if self.is_informed:
            enters = self.enters(contest, cost, worth, coin)
        if not enters:
            return None
        if auction.format not in PAID_AS_BID or worth < contest.reserve:
            return worth
        return first_price_bids(contest, chance).at(self.rank(contest, cost, coin))

    def special_offer(self, contest: Contest, format: str, cost: int | None) -> float | None:
        """The bid in a third-price or an all-pay sale; None for who stays out, also where theory has none."""
        try:
            curve = special_bids(format, contest)
            if cost is None:
                raise ValueError(f'format "{format}" needs buyers who know their costs')
        except ValueError as error:
            self.lacking = {**self.lacking, format: str(error)}
            return None
        rank = self.rank(contest, cost, 0.5)
        return curve.at(rank) if rank <= curve.last else None

    def expected_worth(self, contest: Contest, cost: int | None) -> float:
        """What the ticket is worth to a buyer with this cost, None if it does not know it."""
        if cost is None:
            return float(contest.types.mean_worth)
        return contest.prospect.worth(cost)

    def enters(self, contest: Contest, cost: int | None, worth: float, coin: float) -> bool:
        """Whether a buyer who knows what it is worth enters: (v − r)(1 − u)^(n−1) ≥ K (Samuelson 1985)."""
        if self.is_free:
            return worth >= contest.reserve
        alone = contest.unrivalled(self.rank(contest, cost, coin))
        return (worth - contest.reserve) * alone >= contest.entry_cost

    def rank(self, contest: Contest, cost: int | None, coin: float) -> float:
        """The place among all buyers, 0 the best. Equals are ranked by `coin`, which is how they mix."""
        if cost is None:
            _, first, last = contest.types.noise_zone(np.array([contest.informed]))
            return float(first[0] + coin * (last[0] - first[0]))
        below = share_up_to(self.law, cost - 1)
        upto = share_up_to(self.law, cost)
        own = below + coin * (upto - below)
        if contest.informed == 1:
            return own
        ahead = 0.0
        if own > float(contest.types.beside_mean[0][0]):
            ahead = 1 - contest.informed  # the uninformed, who are all worth the mean
        return contest.informed * own + ahead
