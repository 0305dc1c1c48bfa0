"""Sells when the theory says so."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, ClassVar, Literal

from chain.money import GWEI_PER_ETH, eth_to_gwei
from market.intents import Intent
from market.view import AuctionView, TicketView, View
from strategies.parameters import between, rate, refuse_lumpy
from strategies.prospect import Prospect, Worth, law_of, types_of
from strategies.sellers.auctioneer import Auctioneer
from strategies.setup import Setup
from strategies.theory.laws import Law
from strategies.theory.reserve import best_reserve


class OptimalTiming(Auctioneer):
    """Auctions each ticket at a block of its life, or when the public reward falls in the sale region. Both are
    what `et-testbed solve --json` gives as `optimal_block` and `sale_region`."""

    plays_rounds: ClassVar[bool] = False
    in_rounds: ClassVar[str] = "at_block, which sells at a block of a ticket's life"

    def __init__(
        self,
        block: int | None = None,
        sale_region: list[dict[str, Any]] | None = None,
        value_eth: float | None = None,
        format: str = "second_price",
        reserve_eth: float | Literal["optimal"] = 0.0,
        discount_rate: float = 0.0,
        buyer_discount_rate: float | None = None,
        start_eth: float = 1e6,
        costs: Any = None,
    ) -> None:
        """`block` of a ticket's life at which to sell, 0 (also where it is left out) its first session;
        `sale_region`: for each block the rewards at which to sell instead; `value_eth`, what it bids for a ticket
        in the primary market, left out: what a sale at once would bring; `reserve_eth`, ETH at the sale, or
        "optimal", which takes `buyer_discount_rate` (left out: the own one) and the law of buyers' `costs` (a
        `Law`, ETH; left out: that of the run); the rest as in `at_once`. In the session of a ticket's last block a
        holder who can exploit the block asks for at least that."""
        super().__init__(
            format, 0.0 if reserve_eth == "optimal" else reserve_eth, discount_rate, start_eth=start_eth
        )
        if block is not None and sale_region is not None:
            raise ValueError(f"block is {block} and there is a sale_region too; give one of them")
        self.block = None if sale_region is not None else int(between("block", block or 0, 0))
        self.bounds = [bounds(row["intervals"]) for row in sale_region or ()]
        self.is_optimal = reserve_eth == "optimal"
        self.buyer_rate = (
            discount_rate if buyer_discount_rate is None else rate("buyer_discount_rate", buyer_discount_rate)
        )
        self._law: Law | None = costs
        self.value = None if value_eth is None else eth_to_gwei(between("value_eth", value_eth, 0))

    def start(self, setup: Setup) -> None:
        super().start(setup)
        self.life = setup.maturity or 0
        self.tried: set[int] = set()
        self.law: Law = law_of(setup.cost)
        if self.is_optimal and self._law is None:
            refuse_lumpy(setup.cost, 'reserve_eth = "optimal"')
        if self._law is not None:
            self.law = self._law

    def worth(self, view: View, lot: AuctionView) -> float:
        if self.value is None:
            return super().worth(view, lot)
        return self.value

    def offer(self, view: View) -> Sequence[Intent]:
        """An auction for each ticket whose time has come. A sale is one attempt: what is not sold is kept."""
        return [
            self.auction(ticket)._replace(reserve_gwei=self.reserve_for(view, ticket))
            for ticket in self.due(view)
            if self.setup.resale.allows(ticket.drawn_for is not None)
        ]

    def due(self, view: View) -> list[TicketView]:
        """The tickets whose time has come, each once."""
        if self.block is not None:
            last = view.slot + self.life - self.block
            return [ticket for ticket in view.due(last) if ticket.last_block == last]
        due = [ticket for ticket in view.tickets if ticket.serial not in self.tried and self.is_time(view, ticket)]
        if due:
            held = {ticket.serial for ticket in view.tickets}
            self.tried = self.tried & held | {ticket.serial for ticket in due}
        return due

    def reserve_for(self, view: View, ticket: TicketView) -> int:
        """The lowest price, Gwei: what is set, or the best one, at the end the holder's own worth."""
        block = ticket.last_block
        cost = view.cost(ticket.last_block)
        kept = 0.0
        if cost is not None:
            kept = view.outlook.expected_surplus(block, cost)
        own = kept * (1 + self.discount_rate) ** -(block - view.slot)
        floor = 0.0
        if block == view.slot:
            floor = own
        if self.is_optimal:
            growth = (1 + self.buyer_rate) ** (block - view.slot)
            prospect = Prospect(view.outlook, block, self.law)
            floor = max(floor, optimal_price(prospect, own * growth / GWEI_PER_ETH) * GWEI_PER_ETH / growth)
        return max(self.reserve, int(floor + 0.5))

    def is_time(self, view: View, ticket: TicketView) -> bool:
        age = self.age(view, ticket)
        return age >= 0 and is_inside(self.bounds[age], self.seen(view, ticket))

    def age(self, view: View, ticket: TicketView) -> int:
        """The block of the ticket's life."""
        return self.life + view.slot - ticket.last_block

    def seen(self, view: View, ticket: TicketView) -> float:  # noqa: ARG002
        """The public reward on which the ticket's value hangs, ETH."""
        return (view.outlook.reward_gwei or 0) / GWEI_PER_ETH


@lru_cache(maxsize=1024)
def optimal_price(prospect: Worth, own_value: float) -> float:
    """Myerson's reserve in ETH at the block that is for sale."""
    return float(best_reserve(types_of(prospect), own_value))


def bounds(intervals: Sequence[Sequence[float | None]]) -> list[float]:
    """The ends of closed intervals in one rising list, None for no upper end."""
    return [float("inf") if end is None else float(end) for interval in intervals for end in interval]


def is_inside(ends: list[float], value: float) -> bool:
    """Whether a value lies in one of the closed intervals."""
    return bisect_right(ends, value) % 2 == 1 or bisect_left(ends, value) % 2 == 1
