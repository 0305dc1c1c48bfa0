"""Names one price and sticks to it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from chain.money import GWEI_PER_ETH
from chain.ticket import Series
from market.intents import Ask, Intent
from market.view import TicketView, View
from strategies.parameters import refuse_lumpy
from strategies.prospect import Prospect, law_of, types_of
from strategies.round_law import best_price, law_of_round
from strategies.sellers.auctioneer import Auctioneer
from strategies.setup import Setup
from strategies.theory.reserve import best_reserve
from strategies.valuation import certain_blocks, discount, own_value


class TakeItOrLeaveIt(Auctioneer):
    """Asks in the book, from the first session on, for Myerson's reserve (Myerson 1981; Riley and Zeckhauser 1983
    on sticking to it): the r with the most r (1 − G(r)), G the law of what the ticket is worth to a buyer. It
    never lowers the price; what no one takes is kept. Where all buyers agree on the worth, it asks for that. Of a
    round G is the law of a sum, and what is left of it is offered anew after each block."""

    def __init__(self, discount_rate: float = 0.0, capacity: int = 1_000_000) -> None:
        """`discount_rate` per block, of the buyers too; `capacity`, the most tickets to hold."""
        super().__init__(discount_rate=discount_rate, capacity=capacity)

    def start(self, setup: Setup) -> None:
        super().start(setup)
        refuse_lumpy(setup.cost, "Myerson's reserve")

    def is_time(self, view: View, ticket: TicketView) -> bool:  # noqa: ARG002
        return True

    def offer(self, view: View) -> Sequence[Intent]:
        return [
            Ask(ticket.serial, self.price(view, ticket.series))
            for ticket in view.tickets
            if not ticket.listed and self.setup.resale.allows(ticket.drawn_for is not None)
        ]

    def price(self, view: View, series: Series) -> int:
        """The price of a ticket, Gwei."""
        blocks, cost = certain_blocks(self.setup, series), self.setup.cost
        if blocks is None:
            return int(own_value(view, self.setup, series, self.discount_rate))
        if len(blocks) > 1:
            return int(best_price(law_of_round(view, blocks, cost, self.discount_rate)))
        block = blocks[0]
        later = discount(self.discount_rate, block - view.slot)
        if cost.low == cost.high:
            return int(later * view.outlook.expected_surplus(block, cost.low))
        return int(later * reserve(Prospect(view.outlook, block, law_of(cost))))


@lru_cache(maxsize=1024)
def reserve(prospect: Prospect) -> float:
    """Myerson's reserve at the block that is for sale, Gwei."""
    return float(best_reserve(types_of(prospect))) * GWEI_PER_ETH
