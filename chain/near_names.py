"""Names that are nearly right: what a message suggests in the place of a wrong one."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from typing import Any, NoReturn, TypeVar

from chain.wording import one_line, shown

MOST_LETTERS = 60
"""Of a wrong name that are compared."""

T = TypeVar("T")


def near(name: str, names: Iterable[str]) -> str:
    """`; did you mean …?`, or nothing."""
    matches = difflib.get_close_matches(one_line(name, MOST_LETTERS), list(dict.fromkeys(names)), n=3)
    return f"; did you mean {' or '.join(map(repr, matches))}?" if matches else ""


def tells_near(**parts: type) -> Callable[[type[T]], type[T]]:
    """A class whose objects, asked for what they have not, say what there is of nearly that name, in them or in
    their parts: `View has no 'reward'; did you mean 'outlook.reward_gwei'?`"""

    def taught(kind: type[T]) -> type[T]:
        places = {name: name for name in public_names(kind)}
        for part, within in parts.items():
            places = {name: f"{part}.{name}" for name in public_names(within)} | places
        kind.__getattr__ = refuser(kind.__name__, places)  # type: ignore[attr-defined]
        return kind

    return taught


def public_names(kind: type) -> list[str]:
    """What its objects have, but for what every tuple has."""
    return [name for name in dir(kind) if not name.startswith("_") and not hasattr(tuple, name)]


def refuser(owner: str, places: dict[str, str]) -> Callable[[Any, str], NoReturn]:
    """`__getattr__` of a class. `places` has for each name the way there."""

    def refuse(_: Any, name: str) -> NoReturn:
        if name.startswith("_"):  # copy, pickle and notebooks ask for these
            raise AttributeError(name)
        raise AttributeError(f"{owner} has no {shown(name)}{suggestion(name, places)}")

    return refuse


def suggestion(name: str, places: dict[str, str]) -> str:
    """The ways to names like it, in its order of likeness; where there are none, to all that are its own."""
    begins = [own for own in places if own.startswith(f"{name}_")]
    matches = begins or difflib.get_close_matches(one_line(name, MOST_LETTERS), list(places), n=2)
    if matches:
        return f"; did you mean {' or '.join(repr(places[match]) for match in matches)}?"
    own = sorted(name for name, way in places.items() if name == way)
    return f"; there are {', '.join(own)}"
