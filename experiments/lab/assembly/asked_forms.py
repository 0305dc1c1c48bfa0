"""Whether the methods of a class of the user's own can be asked as the market asks them."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from chain.near_names import public_names
from experiments.lab.config.errors import InputError
from strategies.agent import METHODS
from strategies.own_files import OURS


def check_forms(kind: type, key: str, name: str) -> None:
    """Raises `InputError`, a line for each method of the testbed's that a class writes with other arguments."""
    if faults := [f"{key}: {name}: {fault}" for fault in misfits(kind)]:
        raise InputError(*faults)


def unwritten(kind: type, missing: Sequence[str]) -> str:
    """The methods that a class has to write, and what it wrote in their place under nearly that name."""
    own = [name for base in kind.__mro__ if not is_ours(base) for name in public_names(base) if name in vars(base)]
    close = [match for name in missing for match in get_close_matches(name, own, n=1)]
    place = f", in the place of {', '.join(close)}" if close else ""
    return f"{', '.join(missing)}; write it{place}"


def is_ours(base: type) -> bool:
    """Whether a class is the testbed's."""
    return base.__module__.partition(".")[0] in OURS


def written_methods(kind: type) -> frozenset[str]:
    """Those of the methods that the market asks which a class has of the user's own code."""
    return frozenset(name for name in METHODS.values() if not is_ours(writer(kind, name)))


def writer(kind: type, name: str) -> type:
    """Which of a class and its bases has a method."""
    return next(base for base in kind.__mro__ if name in vars(base))


def misfits(kind: type) -> Iterator[str]:
    """What each such method is, and what it is asked as."""
    base = next(one for one in kind.__mro__ if one is object or is_ours(one))
    for method in public_names(base):
        asked, own = getattr(base, method), getattr(kind, method)
        if own is asked or not (inspect.isfunction(asked) and inspect.isfunction(own)):
            continue
        if not fits(own, places := list(inspect.signature(asked).parameters)):
            yield f"{method}{inspect.signature(own)} is asked as {method}({', '.join(places)}); write it so"


def fits(own: object, places: list[str]) -> bool:
    """Whether a function takes so many arguments by their places."""
    try:
        inspect.signature(own).bind(*places)  # type: ignore[arg-type]
    except TypeError:
        return False
    return True
