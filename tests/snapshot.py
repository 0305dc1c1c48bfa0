"""What hangs on some objects, to be compared before and after, and told apart."""

from __future__ import annotations

import io
import pickle
from collections import deque
from collections.abc import Iterator
from types import FunctionType
from typing import Any

from chain.records import Table
from chain.signatures import Ecdsa

Facts = dict[str, str]


class Snapshot(pickle.Pickler):
    """Everything that hangs on some objects; of a table its number of rows; no functions nor signature caches."""

    def reducer_override(self, thing: object) -> object:
        if isinstance(thing, Table):
            return str, (f"{thing.schema.name}: {len(thing._rows)} rows",)
        return (str, ()) if isinstance(thing, (FunctionType, Ecdsa)) else NotImplemented


def snapshot(**things: object) -> bytes:
    """Equal before and after, unless something changed."""
    buffer = io.BytesIO()
    Snapshot(buffer).dump(things)
    return buffer.getvalue()


def changes(before: bytes, after: bytes) -> list[str]:
    """What two snapshots tell differently, each by its place: `state.ledger._count: 3, now 4`."""
    if before == after:
        return []
    old, new = facts(pickle.loads(before)), facts(pickle.loads(after))
    places = [place for place in {**old, **new} if old.get(place) != new.get(place)]
    told = [f"{place}: {old.get(place, 'missing')}, now {new.get(place, 'missing')}" for place in places]
    return told or ["the order or the identity of something"]


def assert_same(before: bytes, after: bytes) -> None:
    """Nothing changed; fails with a line for everything that did."""
    told = changes(before, after)
    assert not told, "\n".join(["what was refused has changed something:", *told])


def facts(things: object) -> Facts:
    """Every value that hangs on `things`, by its place; an object in two places at the first of them."""
    found: Facts = {}
    seen: set[int] = set()
    ahead: deque[tuple[str, Any]] = deque([("", things)])
    while ahead:
        place, thing = ahead.popleft()
        parts = list(parts_of(place, thing))
        if not parts:
            found[place] = shown(thing)
        elif id(thing) not in seen:
            seen.add(id(thing))
            ahead += parts
    return found


def parts_of(place: str, thing: Any) -> Iterator[tuple[str, Any]]:
    """What an object or a collection consists of; nothing for a plain value."""
    if isinstance(thing, dict):
        yield from ((f"{place}[{key!r}]" if place else str(key), part) for key, part in thing.items())
    elif isinstance(thing, (list, tuple, deque)):
        yield from ((f"{place}[{index}]", part) for index, part in enumerate(thing))
    for name in attributes(thing):
        yield f"{place}.{name}", getattr(thing, name)


def shown(thing: object) -> str:
    """A value as it is written; of an object without anything of its own its class, whichever object it is."""
    return type(thing).__name__ if type(thing).__repr__ is object.__repr__ else repr(thing)


def attributes(thing: Any) -> list[str]:
    """The names of what an object has set for itself."""
    slots = [name for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ())]
    return [name for name in (*slots, *getattr(thing, "__dict__", {})) if hasattr(thing, name)]
