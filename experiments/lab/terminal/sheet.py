"""A table that a command prints: what stands in it. `sheet_text` and `sheet_formats` write it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple


class Shown(NamedTuple):
    """A cell that reads otherwise than its value: `text` for a person, `values` for a program.

    The key of a value is what its column's name goes on with: "" for the column itself, "low" for `capture_low`.
    """

    text: str
    values: Mapping[str, Any]


Cell = Shown | str | int | float | bool | None


class SheetColumn(NamedTuple):
    """A column: `name` for programs, `heading` for people (left out: the name).

    `is_prose`: its cells may be broken between two words. No other cell is ever broken.
    """

    name: str
    heading: str = ""
    is_number: bool = False
    is_prose: bool = False

    @property
    def words(self) -> str:
        """What stands above it."""
        return self.heading or self.name


def number(name: str, heading: str = "") -> SheetColumn:
    """A column of numbers."""
    return SheetColumn(name, heading, is_number=True)


def prose(name: str, heading: str = "") -> SheetColumn:
    """A column of sentences."""
    return SheetColumn(name, heading, is_prose=True)


class Sheet(NamedTuple):
    """Columns and rows, each row with a cell for each column. `name` tells it from others of the same command."""

    columns: Sequence[SheetColumn]
    rows: Sequence[Sequence[Cell]]
    title: str = ""
    name: str = ""

    def texts(self) -> Iterator[list[str]]:
        """The rows as a person reads them."""
        for row in self.rows:
            yield [text_of(cell) for cell in row]

    def records(self) -> Iterator[dict[str, Any]]:
        """The rows as programs read them, all with the same names: those of a column's values side by side."""
        nothing: dict[str, Any] = {}
        for place, column in enumerate(self.columns):
            for row in self.rows:
                nothing |= dict.fromkeys(values_of(column.name, row[place]))
        for row in self.rows:
            yield nothing | self._record(row)

    def _record(self, row: Sequence[Cell]) -> dict[str, Any]:
        record: dict[str, Any] = {}
        for column, cell in zip(self.columns, row, strict=True):
            record |= values_of(column.name, cell)
        return record


def text_of(cell: Cell) -> str:
    """A cell as a person reads it: a number to six digits, a dash where there is nothing."""
    if isinstance(cell, Shown):
        return cell.text
    if cell is None:
        return "–"
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return f"{cell:z,.6g}"
    if isinstance(cell, int):
        return f"{cell:,}"
    return cell


def values_of(name: str, cell: Cell) -> dict[str, Any]:
    """A cell as programs read it."""
    if isinstance(cell, Shown):
        return {f"{name}_{part}" if part else name: value for part, value in cell.values.items()}
    return {name: cell}
