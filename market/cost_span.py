"""Costs of many blocks in a row, in pieces: another block at its end does not copy the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from market.like_tuple import LikeTuple

PIECE = 64
"""Blocks of a piece: number k has those from `PIECE` · k on."""

Piece = tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CostSpan(LikeTuple[int]):
    """The costs of blocks `first … last`, Gwei. The first piece may begin before, the last one ends there."""

    first: int
    last: int
    pieces: tuple[Piece, ...]

    def __len__(self) -> int:
        return self.last + 1 - self.first

    def __iter__(self) -> Iterator[int]:
        return islice(chain.from_iterable(self.pieces), self.first % PIECE, None)

    def __getitem__(self, index: Any) -> Any:
        if type(index) is int and 0 <= index < len(self):
            piece, place = divmod(self.first % PIECE + index, PIECE)
            return self.pieces[piece][place]
        return tuple(self)[index]


def cost_span(pieces: Sequence[Piece], first: int, last: int) -> Sequence[int]:
    """The costs of blocks `first … last` out of the pieces from that of `first` to that of `last`."""
    *before, end = pieces
    cut = end[: last % PIECE + 1]
    if len(before) > 1:
        return CostSpan(first, last, (*before, cut))
    if before:
        return before[0][first % PIECE :] + cut
    return cut[first % PIECE :]


def same_cost(gwei: int, first: int, last: int) -> Sequence[int]:
    """The same cost in blocks `first … last`, Gwei."""
    count = last // PIECE - first // PIECE + 1
    return cost_span([(gwei,) * PIECE] * count, first, last)
