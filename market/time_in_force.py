"""How long an order stands, and whether it may trade when it comes: the one place that says so."""

from __future__ import annotations

from typing import NamedTuple

from market.errors import BadTerms


class OrderLife(NamedTuple):
    """A time in force. `code` is its number in signed orders, for ever; `takes` whether the order may fill against
    what rests when it comes (else it is killed), `rests` whether it stays in the book where it does not fill."""

    code: int
    takes: bool
    rests: bool


TIFS: dict[str, OrderLife] = {
    "gtc": OrderLife(code=0, takes=True, rests=True),
    "ioc": OrderLife(code=1, takes=True, rests=False),
    "fok": OrderLife(code=2, takes=True, rests=False),
    "post_only": OrderLife(code=3, takes=False, rests=True),
}
"""By name: good till cancelled (or its last slot); immediate or cancel; fill or kill; post only. An order is for
one ticket, so that the second and the third do the same."""


def tif_of_market_order(tif: str) -> str:
    """The time in force of an order without a price: it never rests. Raises `BadTerms` for one that only rests."""
    life = TIFS.get(tif)
    if life is not None and not life.takes:
        raise BadTerms("a market order cannot be post-only; name a price")
    if life is not None and life.rests:
        return "ioc"
    return tif
