"""The summaries of all structures side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from experiments.lab.report.palette import STRUCTURES
from experiments.lab.report.run_source import Source
from experiments.lab.report.table import head, row, table
from experiments.lab.runs.summary_text import LINES, figure

SHARES = ("capture", "capture_expected", "capture_cash", "efficiency")


def comparison_table(sources: Sequence[Source]) -> str:
    """One column a structure, one row a figure."""
    heads = [head("figure"), *(head(own.structure, colour=STRUCTURES[own.structure].colour) for own in sources)]
    rows = [line(key, [source.summary.get(key) for source in sources]) for key in LINES]
    return table(heads, rows, "Summary of each market structure")


def line(key: str, values: Sequence[Any]) -> str:
    """One figure of all structures; part of the one above it where its label is indented."""
    kind = ""
    if LINES[key].startswith(" "):
        kind = "part"
    return row(LINES[key].strip(), [shown(key, value) for value in values], kind)


def shown(key: str, value: Any) -> str:
    """A figure as a person reads it."""
    if value is None:
        return figure(None)
    if key in SHARES:
        return f"{100 * value:,.1f}%"
    if key.startswith("hhi"):
        return f"{value:,.0f}"
    return figure(value)
