"""Holds a right to any one of several blocks, and picks the block."""

from __future__ import annotations

from collections.abc import Sequence

from chain.clock import Phase
from chain.ticket import NEVER, Series
from market.intents import Claim, Intent
from market.view import TicketView, View
from strategies.buyers.truthful import Truthful
from strategies.valuation import discount

FAR = 1024
"""Blocks that are looked ahead for a ticket that never expires."""


class American(Truthful):
    """Under the draw rule `claim`, exercises each ticket like an American option on the reward: it claims the
    block where that is worth at least what waiting is, and bids what the right is worth so. Exact where rewards
    are known or independent (Moser 1956); others are taken for independent draws of what is expected of them now.
    It does not reckon with claims of others to the same block."""

    def value(self, view: View, series: Series) -> int:
        """The present value of a right to oneself, Gwei."""
        if series.drawn or not self.setup.facts.has_claims:
            return super().value(view, series)
        first = view.slot + self.setup.lookahead + (view.market.phase is Phase.PRIMARY)
        return int(self.option(view, first, series.block) * discount(self.discount_rate, first - view.slot))

    def claim(self, view: View) -> Sequence[Intent]:
        """Claims the block that is settled in this slot, where no later one is better."""
        block = view.slot + self.setup.lookahead
        open_tickets = [ticket for ticket in view.tickets if ticket.drawn_for is None and not ticket.listed]
        return [Claim(ticket.serial, block) for ticket in open_tickets if self.exercises(view, ticket, block)]

    def exercises(self, view: View, ticket: TicketView, block: int) -> bool:
        """Whether to take the block, R − θ ≥ δ E[W], rather than to wait."""
        if not ticket.first_block <= block <= ticket.last_block:
            return False
        gain = view.outlook.expected_surplus(block, self.cost(view, block))
        later = self.option(view, block + 1, ticket.last_block) * discount(self.discount_rate, 1)
        return gain > 0 and gain >= later

    def option(self, view: View, first: int, last: int) -> float:
        """What the right to any one of blocks first … last is worth at the first of them, Gwei; 0 where there are
        none."""
        delta = discount(self.discount_rate, 1)
        worth = 0.0
        for block in range(min(last, first + FAR) if last == NEVER else last, first - 1, -1):
            worth = self.at_best(view, block, delta * worth)
        return worth

    def at_best(self, view: View, block: int, waiting: float) -> float:
        """E[max(R − θ, `waiting`)], Gwei; with a look-ahead one decides before R is seen."""
        cost = self.cost(view, block)
        surplus = view.outlook.expected_surplus
        if self.setup.lookahead:
            return max(surplus(block, cost), waiting)
        return waiting + surplus(block, cost + waiting)

    def cost(self, view: View, block: int) -> float:
        """θ of a block, Gwei; where it is not known yet, the median."""
        cost = view.cost(block)
        if cost is None:
            return self.setup.cost.quantile(0.5)
        return cost
