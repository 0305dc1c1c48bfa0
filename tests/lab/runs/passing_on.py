"""A buyer that passes its tickets on within their rounds: by auction, or by an ask in the book."""

from __future__ import annotations

from collections.abc import Sequence

from market.intents import Ask, Cancel, Intent, OpenAuction
from market.view import View
from strategies.buyers.truthful import Truthful


class PassingOn(Truthful):
    """Sells what is left of a running round in every second slot of it, in turn by auction and in the book."""

    roles = frozenset({"buyer", "seller"})

    def offer(self, view: View) -> Sequence[Intent]:
        old = [Cancel(order.id) for order in view.orders]
        running = [ticket for ticket in view.tickets if ticket.drawn_for == view.slot and not ticket.listed]
        if view.slot % 2 == 0:
            return old
        sale = [OpenAuction(ticket.serial) if view.slot % 3 else Ask(ticket.serial, 1) for ticket in running]
        return [*old, *sale]
