"""Marks its tickets down."""

from __future__ import annotations

from collections.abc import Sequence

from market.intents import Ask, Cancel, Intent
from market.view import TicketView, View
from strategies.parameters import between
from strategies.sellers.auctioneer import Auctioneer
from strategies.valuation import sale_value


class DutchDescent(Auctioneer):
    """Asks for a premium over what a sale is expected to bring, and lowers its ask in every session by the same
    step down to a floor, until someone takes it: a Dutch auction over sessions (Vickrey 1961; Lazear 1986). What
    is still unsold at the last chance is auctioned."""

    def __init__(
        self,
        premium: float = 0.2,
        floor: float = 0.5,
        sessions: int = 16,
        discount_rate: float = 0.0,
        capacity: int = 1_000_000,
    ) -> None:
        """`premium` over, and `floor` as a share of, the expected price of a sale; `sessions` of the descent from
        one to the other; `discount_rate` per block; `capacity`, the most tickets to hold."""
        super().__init__(discount_rate=discount_rate, capacity=capacity)
        self.premium = between("premium", premium, 0)
        self.floor = between("floor", floor, 0, 1)
        self.sessions = int(between("sessions", sessions, 1))

    def is_time(self, view: View, ticket: TicketView) -> bool:
        return self.is_last_chance(view, ticket)

    def offer(self, view: View) -> Sequence[Intent]:
        resting = {order.ticket: order for order in view.orders}
        intents: list[Intent] = []
        for ticket in view.tickets:
            order = resting.get(ticket.serial)
            if (ticket.listed and order is None) or not self.setup.resale.allows(ticket.drawn_for is not None):
                continue
            if order:
                intents.append(Cancel(order.id))
            if self.is_time(view, ticket):
                intents.append(self.auction(ticket))
            else:
                intents.append(Ask(ticket.serial, self.price(view, ticket, order and order.price_gwei)))
        return intents

    def price(self, view: View, ticket: TicketView, present: int | None) -> int:
        """What to ask for now, given what one asks at present, Gwei."""
        value = sale_value(view, self.setup, ticket.series, self.discount_rate)
        if present is None:
            return int((1 + self.premium) * value)
        step = (1 + self.premium - self.floor) * value / self.sessions
        return int(max(present - step, self.floor * value))
