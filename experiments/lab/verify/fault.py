"""What does not fit: the place, what is there, what should be there."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from chain.wording import MOST_LETTERS, alternatives, one_line
from experiments.lab.runs.differences import shown
from experiments.lab.verify.rows import Row, table_of


class Fault(Exception):
    """The first thing that does not fit. `row` counts from 0 as stored; None where it is about a whole file."""

    def __init__(
        self, table: str, row: int | None, column: str | None, found: object, expected: object, why: str = ""
    ) -> None:
        super().__init__(table, row, column, found, expected, why)
        self.table = table
        self.row = row
        self.column = column
        self.found = found
        self.expected = expected
        self.why = why

    def __str__(self) -> str:
        parts = [self.table, *([] if self.row is None else [f"row {self.row}"]), *([self.column or ""])]
        place = ", ".join(part for part in parts if part)
        found, expected = (one_line(shown(value), MOST_LETTERS) for value in (self.found, self.expected))
        text = f"{place}: there is {found}, there should be {expected}"
        return f"{text} ({self.why})" if self.why else text

    def as_dict(self) -> dict[str, Any]:
        """The fault as plain data, for JSON."""
        return {
            "table": self.table,
            "row": self.row,
            "column": self.column,
            "found": shown(self.found),
            "expected": shown(self.expected),
            "why": self.why,
        }


def misfit(row: Row, column: str, expected: object, why: str = "") -> Fault:
    """The fault of a row of which `column` is not what it should be."""
    return Fault(table_of(row), row.at, column, getattr(row, column), expected, why)


def agree(row: Row, why: str = "", **expected: object) -> None:
    """Raises `Fault` at the first column of `row` that is not as `expected`."""
    for column, value in expected.items():
        if getattr(row, column) != value:
            raise misfit(row, column, value, why)


def check_known(row: Row, column: str, words: Collection[str]) -> None:
    """Raises `Fault` unless a column of `row` has one of `words`."""
    if getattr(row, column) not in words:
        raise misfit(row, column, alternatives(words))


def in_place(row: Row, at: int) -> None:
    """Raises `Fault` unless the row is stored as number `at`."""
    if row.at != at:
        place = (table_of(row), row.at, None, "this row", f"it in row {at}")
        raise Fault(*place, "rows lie in the order in which they ended")
