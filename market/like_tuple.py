"""Frozen sequences that are put together of parts, and are to whoever reads them what a tuple is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

T = TypeVar("T", covariant=True)


class LikeTuple(Sequence[T]):
    """Compares, hashes and shows itself as the tuple of what is in it. Over `__iter__` and `__len__`."""

    __slots__ = ()

    def __getitem__(self, index: Any) -> Any:
        return tuple(self)[index]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, (LikeTuple, tuple)):
            return tuple(self) == tuple(other)
        return NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))
