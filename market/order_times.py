"""When an order is good."""

from __future__ import annotations

from chain.ticket import LAST_SLOT, NEVER
from market.errors import BadTerms, OrderExpired
from market.messages import Order


def check_times(order: Order, slot: int) -> None:
    """Raises `OrderExpired` unless the order is good in `slot`, and `BadTerms` for slots that there are not."""
    if any(LAST_SLOT < last != NEVER for last in (order.valid_until, order.series.block)):
        raise BadTerms(f"slots end at 2^63 − 1; the order is good until {last_slot(order)}, {order.series}")
    if not order.valid_from <= slot <= min(order.valid_until, order.series.block):
        raise OrderExpired(
            f"valid for slots {order.valid_from} … {last_slot(order)}, series {order.series}, at slot {slot}"
        )


def last_slot(order: Order) -> int | str:
    """The last slot of an order, for a message."""
    return "never" if order.valid_until == NEVER else order.valid_until
