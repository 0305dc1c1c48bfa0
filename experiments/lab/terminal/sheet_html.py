"""Sheets in a notebook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from tabulate import tabulate

from experiments.lab.terminal.sheet import Sheet, SheetColumn
from experiments.lab.terminal.sheet_text import one_line


def to_html(before: Iterable[str], sheets: Sequence[Sheet], after: Iterable[str]) -> str:
    """Sentences, tables and sentences, as HTML; nothing in them is read as HTML."""
    return "".join([*map(paragraph, before), *map(table_of, sheets), *map(paragraph, after)])


def paragraph(text: str) -> str:
    """Plain text as a paragraph."""
    return f"<p>{escape(text)}</p>"


def table_of(sheet: Sheet) -> str:
    """A sheet with its title."""
    title = paragraph(sheet.title) if sheet.title else ""
    body = tabulate(
        [[one_line(text) for text in texts] for texts in sheet.texts()],
        headers=[one_line(column.words) for column in sheet.columns],
        tablefmt="html",
        colalign=list(map(side_of, sheet.columns)) if sheet.rows else None,
        disable_numparse=True,
    )
    return f"{title}{body}"


def side_of(column: SheetColumn) -> str:
    """Numbers end below each other."""
    return "right" if column.is_number else "left"
