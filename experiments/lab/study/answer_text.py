"""An answer on a terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from experiments.lab.terminal.sheet import Cell, Sheet, SheetColumn, Shown

if TYPE_CHECKING:
    from experiments.lab.study.answer import Answer


def cell_of(value: Any) -> Cell:
    """A cell of the table: a number to four digits, as Python has it, not numpy."""
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return Shown(f"{value:z,.4g}", {"": value})
    return value if isinstance(value, int | str | None) else str(value)


def sheet_of(answer: Answer, question: str = "") -> Sheet:
    """The table of an answer, below its title or the question."""
    from pandas.api.types import is_numeric_dtype

    kinds = answer.table.dtypes.items()
    columns = [SheetColumn(str(name), is_number=is_numeric_dtype(kind)) for name, kind in kinds]
    rows = [list(map(cell_of, row)) for row in answer.table.itertuples(index=False)]
    return Sheet(columns, rows, answer.title or question)
