"""Records that stay in memory: the tables that are asked for, the others are let go."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chain.records import Records, Schema, Table


class MemoryRecords(Records):
    """Keeps the rows of the tables named in `kept` as they are appended, and nothing else."""

    def __init__(self, kept: frozenset[str]) -> None:
        super().__init__(Path(), {})
        self._kept = kept
        self.rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in kept}

    def table(self, schema: Schema) -> Table:
        table = super().table(schema)
        table.append = let_go
        if schema.name in self._kept:
            table.append = self.rows[schema.name].append
        return table

    def column(self, schema: Schema, name: str) -> list[Any]:
        """One column of a table that is kept."""
        place = [column.name for column in schema.columns].index(name)
        return [row[place] for row in self.rows[schema.name]]

    def close(self) -> None:
        """There are no files to finish."""


def let_go(row: tuple[Any, ...]) -> None:
    """A row that nobody will ask for."""


Rows = Mapping[str, list[tuple[Any, ...]]]
