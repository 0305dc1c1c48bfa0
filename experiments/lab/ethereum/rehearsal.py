"""Trying a transaction on a copy of the market, to tell what it would do."""

from __future__ import annotations

import io
import pickle
from typing import Any, NamedTuple

from chain.records import Table
from chain.signatures import Ecdsa, Key, Unsigned
from market.exchange import RestWatch


class Frozen(NamedTuple):
    """A thing as it was, tables left out of it."""

    data: bytes
    kept: list[object]


def frozen(thing: Any) -> Frozen:
    """A thing as it is now."""
    buffer = io.BytesIO()
    kept: list[object] = []
    _RehearsalPickler(buffer, kept).dump(thing)
    return Frozen(buffer.getvalue(), kept)


def thawed(thing: Frozen) -> Any:
    """The thing again, another each time."""
    return _RehearsalUnpickler(io.BytesIO(thing.data), thing.kept).load()


def copied(thing: Any) -> Any:
    """A deep copy; tables are left out of it, and what is written to them there is lost."""
    return thawed(frozen(thing))


class Muted:
    """A table that forgets."""

    def append(self, row: object) -> None:
        """Nothing is kept."""


class _RehearsalPickler(pickle.Pickler):
    def __init__(self, file: io.BytesIO, kept: list[object]) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._kept = kept

    def persistent_id(self, thing: Any) -> int | None:
        """Tables; and keys, functions and the memory of signatures, which nothing changes the sense of."""
        if isinstance(thing, Table):
            self._kept.append(Muted())
        elif isinstance(thing, RestWatch):
            self._kept.append(RestWatch())
        elif isinstance(thing, (Key, Ecdsa, Unsigned)) or (
            callable(thing) and hasattr(thing, "__qualname__") and not is_bound(thing)
        ):
            self._kept.append(thing)
        else:
            return None
        return len(self._kept) - 1


def is_bound(thing: Any) -> bool:
    """Whether it is a method of an object, which has to be copied with it."""
    return getattr(thing, "__self__", None) is not None


class _RehearsalUnpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, kept: list[object]) -> None:
        super().__init__(file)
        self._kept = kept

    def persistent_load(self, number: Any) -> object:
        return self._kept[number]
