"""What a play brought, ticket by ticket, and how it is read off the tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from chain.records import Schema
from experiments.lab.models.game.memory import MemoryRecords
from strategies.theory.laws import Array
from strategies.theory.window_fates import Fates


@dataclass(frozen=True)
class Take:
    """For each ticket, ETH, shape (tickets,): `brought`, present value at its mint of what its holder got for it;
    `entrants` in its sale; `made`, the net value of its block, and `best`, the most that any buyer could make,
    None where that has no meaning. `fates`: when tickets for a window were sold and exercised."""

    brought: Array
    entrants: Array
    made: Array
    best: Array | None
    fates: Fates | None = None

    @property
    def efficiency(self) -> float | None:
        """The value that was made as a share of the best possible one."""
        best = 0.0
        if self.best is not None:
            best = float(self.best.sum())
        if best > 0:
            return float(self.made.sum()) / best
        return None


def columns(records: MemoryRecords, schema: Schema, *names: str) -> Iterator[tuple[Any, ...]]:
    """Rows of some columns of a table."""
    return zip(*(records.column(schema, name) for name in names), strict=True)
