"""What the run knows of isolated strategies: their names, roles and methods, asked of a process that loads them.

For each class the run has one of its own in its place, which does nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from chain.wording import MOST_TOLD, one_line
from experiments.lab.assembly.isolation.child_process import ChildProcess
from experiments.lab.assembly.isolation.wire import Ended, Garbled, TookTooLong
from experiments.lab.config.agents import Agents
from experiments.lab.config.errors import InputError
from strategies.agent import METHODS
from strategies.base import Strategy
from strategies.finding import SHELVES, own_family, split_reference
from strategies.slot_bidding import SlotBuilder

ABOUT = {"strategy", "role", "parameters"}
"""What a process needs to know of a group."""

_KNOWN: dict[tuple[str, ...], dict[str, type[Strategy]]] = {}


def stand_ins(group: Agents, key: str, folder: Path) -> dict[str, type[Strategy]]:
    """A class for each role of a group, for those that nobody loads here. Raises `InputError`.

    The same group with the same files is asked for once.
    """
    mark = group.model_dump_json(include=ABOUT), *digests(group, key, folder)
    if mark not in _KNOWN:
        _KNOWN[mark] = cast_from(ask(group, key, folder), key)
    return _KNOWN[mark]


def digests(group: Agents, key: str, folder: Path) -> list[str]:
    """What the files of a group's strategies say. Raises `InputError` for one that is not there."""
    try:
        return [digest(name, folder) for name in sorted(group.names)]
    except ValueError as error:
        raise InputError(f"{key}.strategy: {error}") from None


def digest(name: str, folder: Path) -> str:
    """Of a strategy in a file what its files say, of another one its name."""
    place, attribute = split_reference(name)
    return own_family(place, attribute, folder).digest if place.endswith(".py") else name


def ask(group: Agents, key: str, folder: Path) -> list[Any]:
    """What a process finds out that loads them. Raises `InputError`."""
    process = ChildProcess()
    try:
        process.wire.tell(("look", group.model_dump(mode="json", include=ABOUT), key, str(folder.resolve())))
        kind, value = process.wire.answered()
    except (Ended, Garbled, TookTooLong):
        raise InputError(f"{key}.strategy: its process ended, or hung, as it was loaded") from None
    finally:
        process.close()
    if kind == "found" and isinstance(value, list):
        return value
    raise InputError(one_line(str(value), MOST_TOLD))


def cast_from(found: list[Any], key: str) -> dict[str, type[Strategy]]:
    """The classes by role. Raises `InputError` where what was found makes no sense."""
    try:
        classes, roles = found
        kinds = [stand_in(*about) for about in classes]
        cast = {str(role): kinds[number] for role, number in roles}
    except (AttributeError, TypeError, ValueError, IndexError):
        cast = {}
    if not cast or not cast.keys() <= set(SHELVES):
        raise InputError(f"{key}.strategy: its process says nothing that makes sense of it")
    return cast


class StandIn:
    """What a class has that stands for another one: `written`, the methods that the user's own code has of it."""

    written: ClassVar[frozenset[str]] = frozenset()


def stand_in(name: str, roles: str, methods: str, bids_openly: bool, written: str) -> type[Strategy]:
    """A class with a strategy's name and roles that overrides what it overrides. Raises `ValueError`."""
    plays, overrides = frozenset(roles.split()), methods.split()
    if not (name.isidentifier() and plays <= set(SHELVES) and set(overrides) <= set(METHODS.values())):
        raise ValueError(name)
    base = SlotBuilder if bids_openly is True else Strategy
    about = {"roles": plays, "written": frozenset(written.split())}
    return type(name, (StandIn, base), {**about, **dict.fromkeys(overrides, nothing)})


def nothing(_strategy: Strategy, _view: object) -> tuple[()]:
    """What a stand-in wants."""
    return ()
