"""Orders without a price: each is signed with the limit that its maker was shown."""

from __future__ import annotations

from typing import cast

from chain.clock import Phase
from chain.errors import Refused
from chain.ticket import Series
from market.fitting import fitting
from market.intents import Ask, Bid, Intent
from market.time_in_force import tif_of_market_order
from market.view import View

Order = Ask | Bid
PRICE = Ask._fields.index("price_gwei")  # in a Bid as well
SESSION = (Phase.OFFER, Phase.BID)
"""The phases in which orders have a place."""


def with_limits(intents: list[Intent], phase: Phase, view: View) -> list[Intent]:
    """What a participant wants who was shown `view`: its orders without a price name `Quote.limit`, are good in
    this slot, and at once or not at all. What has no place here is left for the desk to refuse. To be asked in a
    phase of the session."""
    for intent in intents:
        if is_unpriced(intent):
            return [with_limit(each, phase, view) for each in intents]
    return intents


def is_unpriced(intent: object) -> bool:
    """Whether it is an order without a price, whatever else is in it."""
    kind = type(intent)
    return (kind is Ask or kind is Bid) and len(intent) == len(kind._fields) and intent[PRICE] is None  # type: ignore


def with_limit(intent: Intent, phase: Phase, view: View) -> Intent:
    """An intent, which is one of these orders or any other."""
    if not is_unpriced(intent):
        return intent
    try:
        order = cast(Order, fitting(intent, phase))
        tif = tif_of_market_order(order.tif)
    except Refused:
        return intent
    last = view.slot
    if order.until is not None:
        last = min(order.until, last)
    return order._replace(price_gwei=shown_limit(order, view), tif=tif, until=last)  # type: ignore[arg-type]


def shown_limit(order: Order, view: View) -> int:
    """The best price of the other side in the view, Gwei."""
    if isinstance(order, Bid):
        return view.quote(order.series).limit("bid")
    return view.quote(series_of(order.ticket, view)).limit("ask")


def series_of(serial: int, view: View) -> Series:
    """The book of an own ticket; of any other one, which the exchange refuses, one in which nothing is shown."""
    return next((ticket.series for ticket in view.tickets if ticket.serial == serial), NOWHERE)


NOWHERE = Series(False, -1)
