"""The summaries of all structures side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from experiments.lab.report.palette import STRUCTURES
from experiments.lab.report.run_source import Source
from experiments.lab.report.table import head, row, table
from experiments.lab.runs.summary_text import LINES, PARTS, figure, label


def comparison_table(sources: Sequence[Source]) -> str:
    """One column a structure, one row a figure."""
    heads = [head("figure"), *(head(own.structure, colour=STRUCTURES[own.structure].colour) for own in sources)]
    rows = [line(name, [source.summary.get(name) for source in sources]) for name in LINES]
    return table(heads, rows, "Summary of each market structure")


def line(name: str, values: Sequence[Any]) -> str:
    """One figure of all structures; it may be part of the one above it."""
    return row(label(name), [figure(name, value) for value in values], "part" if name in PARTS else "")
