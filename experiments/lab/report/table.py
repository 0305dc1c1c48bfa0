"""The summaries side by side, as a table of HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from experiments.lab.report.palette import STRUCTURES
from experiments.lab.report.source import Source
from experiments.lab.tables import LINES, figure

SHARES = ("mev_capture", "efficiency")


def comparison_table(sources: Sequence[Source]) -> str:
    """One column a structure, one row a figure."""
    heads = "".join(column_head(source) for source in sources)
    rows = "".join(row(key, [source.summary.get(key) for source in sources]) for key in LINES)
    return f'<table><thead><tr><th scope="col">figure</th>{heads}</tr></thead><tbody>{rows}</tbody></table>'


def column_head(source: Source) -> str:
    """A structure's name, with its colour."""
    colour = STRUCTURES[source.structure].colour
    return f'<th scope="col"><i style="background:{colour}"></i>{escape(source.structure)}</th>'


def row(key: str, values: Sequence[Any]) -> str:
    """One figure of all structures; part of another one where its label is indented."""
    kind = ' class="part"' if LINES[key].startswith(" ") else ""
    cells = "".join(f"<td>{escape(cell(key, value))}</td>" for value in values)
    return f'<tr{kind}><th scope="row">{escape(LINES[key].strip())}</th>{cells}</tr>'


def cell(key: str, value: Any) -> str:
    """A figure as a person reads it."""
    if value is None:
        return figure(None)
    if key in SHARES:
        return f"{100 * value:,.1f}%"
    return f"{value:,.0f}" if key.startswith("hhi") else figure(value)
