"""Lists in the order book and undercuts."""

from __future__ import annotations

from collections.abc import Sequence

from market.intents import Ask, Cancel, Intent
from market.view import TicketView, View
from strategies.parameters import between
from strategies.sellers.auctioneer import Auctioneer
from strategies.valuation import sale_value


class Undercut(Auctioneer):
    """Asks for a premium over what a sale is expected to bring, and goes one tick below a cheaper rival, down to a
    floor. What is still unsold at the last chance is auctioned."""

    def __init__(
        self,
        premium: float = 0.1,
        floor: float = 0.9,
        tick_gwei: int = 1000,
        discount_rate: float = 0.0,
        capacity: int = 1_000_000,
    ) -> None:
        """`premium` and `floor` as shares of the expected price of a sale; `tick_gwei`, the step of undercutting;
        `discount_rate` per block; `capacity`, the most tickets to hold."""
        super().__init__(discount_rate=discount_rate, capacity=capacity, tick_gwei=tick_gwei)
        self.premium = between("premium", premium, 0)
        self.floor = between("floor", floor, 0, 1)

    def is_time(self, view: View, ticket: TicketView) -> bool:
        return self.is_last_chance(view, ticket)

    def offer(self, view: View) -> Sequence[Intent]:
        resting = {order.ticket: order for order in view.orders}
        intents: list[Intent] = []
        for ticket in view.tickets:
            if not self.setup.resale.allows(ticket.drawn_for is not None):
                continue
            order = resting.get(ticket.serial)
            price = self.price(view, ticket, None if order is None else order.price_gwei)
            if self.is_time(view, ticket):
                if order:
                    intents.append(Cancel(order.id))
                intents.append(self.auction(ticket))
            elif order is None:
                intents.append(Ask(ticket.serial, price))
            elif price != order.price_gwei:
                intents += [Cancel(order.id), Ask(ticket.serial, price)]
        return intents

    def price(self, view: View, ticket: TicketView, present: int | None) -> int:
        """What to ask for now, given what one asks at present, Gwei."""
        value = sale_value(view, self.setup, ticket.series, self.discount_rate)
        best = view.quote(ticket.series).ask_gwei
        listed = int(value * (1 + self.premium))
        if best is None or best == present:
            if present is None:
                return listed
            return present
        return max(min(listed, best - self.tick), int(value * self.floor))
