"""Names that are nearly right: what a message suggests in the place of a wrong one."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from types import FunctionType
from typing import Any, TypeVar

from chain.missing_names import REFUSALS
from chain.wording import alternatives, one_line, shown

MOST_LETTERS = 60
"""Of a wrong name that are compared."""
MOST_LISTED = 120
"""Letters of a list of names: more would be cut off where a message ends."""

MEANT = {
    "balance": ("free_gwei", "free", "ledger"),
    "book": ("quotes",),
    "cash": ("free_gwei", "ledger"),
    "expiry": ("last_block",),
    "holder": ("owner",),
    "live": ("titles",),
    "money": ("free_gwei", "ledger"),
    "now": ("slot",),
    "orderbook": ("quotes",),
    "owner": ("titles",),
    "random": ("rng", "beacon", "chance"),
    "randomness": ("rng", "beacon", "chance"),
    "rng": ("beacon", "chance"),
    "seed": ("rng", "beacon", "chance"),
    "theta": ("cost",),
    "ticket": ("titles",),
    "undrawn": ("urn",),
}
"""What is called otherwise elsewhere, and here."""

PARTS: dict[type, dict[str, type]] = {}
"""Where else there is something of what a class is asked for, by the way there."""

T = TypeVar("T")


def near(name: str, names: Iterable[str]) -> str:
    """`; did you mean …?`, or nothing."""
    matches = difflib.get_close_matches(one_line(name, MOST_LETTERS), list(dict.fromkeys(names)), n=3)
    return f"; did you mean {' or '.join(map(repr, matches))}?" if matches else ""


def tells_near(*taught: str, **parts: type) -> Callable[[type[T]], type[T]]:
    """A class of whose objects near names are told: where one asks them for what they have not, `told` says what
    there is of nearly that name, in them or in their parts: `View has no 'reward'; did you mean
    'outlook.reward_gwei'?` Where one asks by a key they say so themselves.

    Of its names those that are `taught`, as pages have them, are told before the others.
    """

    def teach(kind: type[T]) -> type[T]:
        PARTS[kind] = dict(parts)

        @cache
        def places() -> dict[str, str]:
            return ways(kind, taught, PARTS[kind])

        REFUSALS[kind] = refusal(kind.__name__, places)
        return by_name_alone(kind, places)

    return teach


def by_name_alone(kind: type[T], places: Callable[[], dict[str, str]] | None = None) -> type[T]:
    """A class whose objects, asked by a text as a dictionary is, say by which name: `prices.secondary`."""
    inherited = getattr(kind, "__getitem__", None)
    owner, named = kind.__name__, places or (lambda: ways(kind))

    def ask(self: Any, key: Any) -> Any:
        if inherited is None or isinstance(key, str):
            raise TypeError(f"{owner} has names, no keys{way_of_key(owner, key, named())}")
        return inherited(self, key)

    setattr(kind, "__getitem__", ask)  # noqa: B010
    return kind


def way_of_key(owner: str, key: object, places: Mapping[str, str]) -> str:
    """`; write prices.secondary`, or what comes near of what was asked for by a key."""
    if isinstance(key, str) and key in places:
        return f"; write {called(owner)}.{places[key]}"
    if isinstance(key, str):
        return f", and no {shown(key)}{suggestion(key, places)}"
    return f": there are {listed(places)}"


def called(owner: str) -> str:
    """What one calls an object of a class: `PastPrices` → `prices`, `AuctionView` → `auction`."""
    words = re.findall("[A-Z][a-z]*", owner)
    return str((words[:-1] if words[-1] == "View" and words[1:] else words)[-1]).lower()


def ways(kind: type, taught: Iterable[str] = (), parts: Mapping[str, type] | None = None) -> dict[str, str]:
    """For each name the way to it: first its own, those that are taught before others, then those of its parts."""
    places = {name: way(kind, name) for name in [*taught, *public_names(kind)]}
    for part, within in (parts or {}).items():
        places |= {name: f"{part}.{way(within, name)}" for name in public_names(within) if name not in places}
    return places


def way(kind: type, name: str) -> str:
    """A method as it is called, `cost(block)`; any other name as it is."""
    value = getattr(kind, name, None)
    if not isinstance(value, FunctionType):
        return name
    code = value.__code__
    return f"{name}({', '.join(code.co_varnames[1 : code.co_argcount])})"


def public_names(kind: type) -> list[str]:
    """What its objects have, but for what every tuple has."""
    return [name for name in dir(kind) if not name.startswith("_") and not hasattr(tuple, name)]


def refusal(owner: str, places: Callable[[], dict[str, str]]) -> Callable[[str], str]:
    """What is said of a name that objects of a class have not. `places` has for each name the way there."""
    return lambda name: f"{owner} has no {shown(name)}{suggestion(name, places())}"


def suggestion(name: str, places: Mapping[str, str]) -> str:
    """The ways to names like it; where there are none, to all that are its own."""
    if found := likeliest(one_line(name, MOST_LETTERS), places):
        return f"; did you mean {alternatives(repr(places[match]) for match in found)}?"
    return f"; there are {listed(places)}"


def likeliest(name: str, places: Iterable[str]) -> list[str]:
    """The names like it of the first kind of likeness that any has: but for the plural, that one calls it so
    elsewhere, that it begins, by its letters. Those of a kind in their own order, or else the likest first."""
    own, stem = list(places), stem_of(name)
    return (
        [one for one in own if stem_of(one) == stem]
        or [one for one in MEANT.get(stem, ()) if one in own][:1]
        or [one for one in own if one.startswith((f"{name}_", f"{stem}_"))][:3]
        or difflib.get_close_matches(name, own, n=2)
    )


def stem_of(name: str) -> str:
    """A word but for the ending of its plural, in small letters."""
    return name.lower().removesuffix("s")


def listed(places: Mapping[str, str]) -> str:
    """Its own names, and how many more there are than one can read."""
    own = [way for name, way in places.items() if way.partition("(")[0] == name]
    told, letters = [], 0
    for one in own:
        letters += len(one) + 2
        if letters <= MOST_LISTED:
            told.append(one)
    rest = len(own) - len(told)
    return f"{', '.join(told)}{f' and {rest} more' if rest else ''}"
