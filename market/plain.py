"""An intent as plain data: what a strategy returned, with nothing of the strategy's own left in it.

Every field is held against its kind, so that what goes on to the market is what its signature says.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import Any, cast

from chain.errors import BadAmount, Refused
from chain.interruption import is_interruption
from chain.ledger import MAX_GWEI
from chain.named_tuples import make
from chain.ticket import NEVER, Series
from chain.wording import one_line, shown
from market.auctions import FORMATS, OWN
from market.errors import WrongIntent
from market.intents import (
    Ask,
    AuctionBid,
    Bid,
    Build,
    Cancel,
    Claim,
    Hold,
    Intent,
    OpenAuction,
    Return,
    SellBlock,
    SellBuilding,
)
from market.price_remedy import price_remedy
from market.time_in_force import TIFS
from market.view import AuctionView, OrderView, TicketView

NUMBER_OF: dict[type, str] = {AuctionView: "id", OrderView: "id", TicketView: "serial"}
"""What of a view is the number that an intent names it by."""

MEANT: dict[str, tuple[type, str]] = {
    "auction": (AuctionView, "id"),
    "order": (OrderView, "id"),
    "ticket": (TicketView, "serial"),
}
"""What a field of an intent names, and by which number."""

Take = Callable[[str, object], object]
"""Takes a field's name and value; returns the plain value, or raises what is wrong with it."""


def plain(intent: Intent) -> Intent:
    """The intent with nothing but plain ints, strings and None in it (a numpy integer becomes an int).

    Raises `BadAmount` for a price and `WrongIntent` for another field that is not of its kind.
    """
    kind: Any = type(intent)
    fields = _FIELDS[kind]
    if len(intent) != len(fields):
        raise WrongIntent(f"{shown(intent)} has not the fields of {kind.__name__}")
    if kind in _NUMBERS_ONLY and are_numbers(intent):
        return intent
    try:
        values = [take(name, value) for (name, take), value in zip(fields.items(), intent, strict=True)]
    except Refused as first:
        raise with_all(first, fields, intent) from None
    made: Intent = make(kind, values)
    return made


def with_all(first: Refused, fields: dict[str, Take], intent: Intent) -> Refused:
    """What is wrong with each field of an intent, the first of which is `first`."""
    faults = []
    for (name, take), value in zip(fields.items(), intent, strict=True):
        try:
            take(name, value)
        except Refused as refusal:
            faults.append(str(refusal))
    return type(first)("; ".join(faults or [str(first)]))


def are_numbers(values: Iterable[object]) -> bool:
    """Whether all of them are ints in 0 … 2^63 − 1."""
    for value in values:  # noqa: SIM110  most intents are bids of two numbers, and `all` takes three times as long
        if type(value) is not int or not 0 <= value <= MAX_GWEI:
            return False
    return True


def as_data(intent: Intent) -> list[Any]:
    """A plain intent as a list that JSON has words for: its kind and its fields."""
    return [type(intent).__name__, *intent]


def from_data(data: object) -> Intent:
    """The intent that `as_data` has written down. Raises `ValueError` and `Refused` for anything else."""
    if not isinstance(data, list) or not data or not isinstance(data[0], str) or data[0] not in _KINDS:
        raise ValueError("not an intent")
    kind: Any = _KINDS[data[0]]
    fields = [Series(*value) if isinstance(value, list) and len(value) == 2 else value for value in data[1:]]
    return plain(make(kind, fields))


def is_of_view(value: object) -> bool:
    """Whether it is something of a view that an intent names by its number."""
    kind = type(value)
    return type(kind) is type and kind in NUMBER_OF


def number_remedy(name: str, value: object) -> str:
    """Which number is meant by a field of an intent that was given something of a view."""
    wanted, number = MEANT.get(name, (None, ""))
    if wanted in (None, type(value)):
        return f"its {NUMBER_OF[type(value)]}"
    return f"{name}.{number} of the {name} that is meant"


def _number(name: str, value: object) -> int:
    if type(value) is int and value == NEVER:
        raise WrongIntent(f"{name} is never, as the last block of a ticket that does not expire; name another")
    if is_of_view(value):
        remedy = number_remedy(name, value)
        raise WrongIntent(f"{name} is {one_line(shown(value), 40)}, not its number; take {remedy}")
    return _whole(name, value, WrongIntent)


def _price(name: str, value: object) -> int:
    return _whole(name, value, BadAmount)


def _whole(name: str, value: object, refusal: type[Refused]) -> int:
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except BaseException as error:  # it has no such method, or one of the user's own
        if is_interruption(error):
            raise
        number = -1
    if 0 <= number <= MAX_GWEI:
        return number
    remedy = price_remedy(value) if refusal is BadAmount else ""
    raise refusal(f"{name} is {shown(value)}; it must be a whole number in 0 … 2^63 − 1{remedy}")


def _or_none(take: Take) -> Take:
    return lambda name, value: None if value is None else take(name, value)


def _one_of(words: tuple[str, ...]) -> Take:
    def word(name: str, value: object) -> str:
        plain_word = None
        if issubclass(type(value), str):
            plain_word = str.__str__(cast(str, value))
        if plain_word in words:
            return plain_word
        raise WrongIntent(f"{name} is {shown(value)}; it must be one of {', '.join(words)}")

    return word


def _series(name: str, value: object) -> Series:
    if type(value) is Series and len(value) == len(Series._fields):
        is_series = type(value.drawn) is bool and type(value.block) is int and 0 <= value.block <= NEVER
        if is_series:
            return value
    raise WrongIntent(f"{name} is {shown(value)}; take it from a ticket or a quote of the view")


_TIF = _one_of(tuple(TIFS))
_SALE: dict[str, Take] = {
    "ticket": _number,
    "format": _one_of((*FORMATS, OWN)),
    "reserve_gwei": _price,
    "slots": _number,
    "start_gwei": _price,
    "tick_gwei": _price,
}
_ORDER: dict[str, Take] = {"price_gwei": _or_none(_price), "tif": _TIF, "until": _or_none(_number)}
_FIELDS: dict[type, dict[str, Take]] = {
    Hold: {},
    Ask: {"ticket": _number, **_ORDER},
    Bid: {"series": _series, **_ORDER},
    Cancel: {"order": _number},
    OpenAuction: _SALE,
    SellBuilding: _SALE,
    AuctionBid: {"auction": _number, "price_gwei": _price},
    Claim: {"ticket": _number, "block": _number},
    Return: {"ticket": _number, "least_gwei": _price},
    Build: {},
    SellBlock: {"reserve_gwei": _price, "rebate_gwei": _price},
}
_NUMBERS_ONLY = frozenset({AuctionBid, Cancel, Claim, Return, SellBlock, Hold, Build})
_KINDS = {kind.__name__: kind for kind in _FIELDS}
