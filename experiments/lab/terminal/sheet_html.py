"""Sheets in a notebook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from experiments.lab.terminal.sheet import Sheet, SheetColumn


def to_html(before: Iterable[str], sheets: Sequence[Sheet], after: Iterable[str]) -> str:
    """Sentences, tables and sentences, as HTML; nothing in them is read as HTML."""
    return "".join([*map(paragraph, before), *map(table_of, sheets), *map(paragraph, after)])


def paragraph(text: str) -> str:
    """Plain text as a paragraph."""
    return f"<p>{in_lines(text)}</p>"


def table_of(sheet: Sheet) -> str:
    """A sheet with its title."""
    title = paragraph(sheet.title) if sheet.title else ""
    from tabulate import tabulate

    body = tabulate(
        [
            [cell(text, column) for text, column in zip(texts, sheet.columns, strict=True)]
            for texts in sheet.texts()
        ],
        headers=[in_lines(column.words) for column in sheet.columns],
        tablefmt="unsafehtml",  # `cell` has escaped what stands in it
        colalign=list(map(side_of, sheet.columns)) if sheet.rows else None,
        disable_numparse=True,
    )
    return f"{title}{body}"


def cell(text: str, column: SheetColumn) -> str:
    """A cell, of which only prose may be broken."""
    if column.is_prose:
        return in_lines(text)
    return f'<span style="white-space: nowrap">{in_lines(text)}</span>'


def in_lines(text: str) -> str:
    """Plain text as HTML, a line below the other."""
    return escape(text).replace("\n", "<br>")


def side_of(column: SheetColumn) -> str:
    """Numbers end below each other."""
    return "right" if column.is_number else "left"
