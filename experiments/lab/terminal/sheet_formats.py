"""How a sheet is written: for a person, or for another program."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Annotated

import typer

from experiments.lab.config.errors import InputError
from experiments.lab.terminal.sheet import Sheet


class TableFormat(StrEnum):
    """What `--format` takes."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    LATEX = "latex"
    MARKDOWN = "markdown"


AsTable = Annotated[TableFormat, typer.Option("--format", help="how to write the table")]


def refuse_two_forms(as_json: bool, format: TableFormat) -> None:
    """Raises `InputError` for `--json` and `--format` at once, before anything is done."""
    if as_json and format is not TableFormat.TABLE:
        raise InputError(
            f"--format {format}: is for the table, and --json prints all as one JSON object in its place; give one"
        )


def show(sheets: Sequence[Sheet], format: TableFormat = TableFormat.TABLE) -> None:
    """Print the sheets of a command on standard output."""
    print(WRITERS[format](sheets), end="" if format is TableFormat.TABLE else "\n")


def to_text(sheets: Sequence[Sheet]) -> str:
    """Tables for a person, as wide as the terminal; below each other."""
    from experiments.lab.terminal.sheet_text import console_of_output, fitted

    console = console_of_output()
    with console.capture() as printed:
        for sheet in sheets:
            console.print(fitted(sheet, console), crop=False)
    return printed.get()


def as_printed(sheets: Sequence[Sheet], *after: str) -> str:
    """What `print` shows of a result: its tables as a command has them, and what stands below them."""
    return "\n".join([to_text(sheets).removesuffix("\n"), *after])


def to_csv(sheets: Sequence[Sheet]) -> str:
    """Names of columns and values; what is missing is empty. An empty line lies between two tables."""
    return "\n\n".join(map(csv_of, sheets))


def csv_of(sheet: Sheet) -> str:
    """One of them."""
    import csv

    records = list(sheet.records())
    names = list(records[0]) if records else [column.name for column in sheet.columns]
    file = io.StringIO()
    writer = csv.DictWriter(file, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return file.getvalue().rstrip("\n")


def to_json(sheets: Sequence[Sheet]) -> str:
    """A list of objects; where there are several tables, an object of lists by their names."""
    found = {sheet.name: list(sheet.records()) for sheet in sheets}
    what: object = found
    if len(found) == 1:
        (what,) = found.values()
    return json.dumps(what, ensure_ascii=False, allow_nan=False)


def to_latex(sheets: Sequence[Sheet]) -> str:
    """Tabulars with the lines of the package booktabs."""
    return "\n\n".join(written(sheet, "latex_booktabs") for sheet in sheets)


def to_markdown(sheets: Sequence[Sheet]) -> str:
    """Tables of GitHub's Markdown."""
    return "\n\n".join(map(markdown_of, sheets))


def markdown_of(sheet: Sheet) -> str:
    """One of them; a bar within a cell is escaped."""
    rows = [[text.replace("|", "\\|") for text in texts] for texts in sheet.texts()]
    return written(sheet._replace(rows=rows), "github")


def written(sheet: Sheet, style: str) -> str:
    """The cells as a person reads them, in a style of tabulate's."""
    from tabulate import tabulate

    from experiments.lab.terminal.sheet_text import one_line

    text: str = tabulate(
        [[one_line(text) for text in texts] for texts in sheet.texts()],
        headers=[one_line(column.words) for column in sheet.columns],
        tablefmt=style,
        colalign=["right" if column.is_number else "left" for column in sheet.columns] if sheet.rows else None,
        disable_numparse=True,
    )
    return text


WRITERS: dict[TableFormat, Callable[[Sequence[Sheet]], str]] = {
    TableFormat.TABLE: to_text,
    TableFormat.CSV: to_csv,
    TableFormat.JSON: to_json,
    TableFormat.LATEX: to_latex,
    TableFormat.MARKDOWN: to_markdown,
}
