"""A sheet on a terminal, in which no number and no name is ever broken.

Where the columns do not fit side by side, they become rows; where that does not fit either, each row of the sheet
becomes a paragraph.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Literal

from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from experiments.lab.terminal.sheet import Sheet, SheetColumn

ENDLESS = 1_000_000  # columns: what is read by a program is never wrapped
NARROWEST_PROSE = 24
WIDEST_PIPED_PROSE = 60
"""Of a column of sentences that is on no terminal: names and numbers beside it stay in sight."""


def console_of_output() -> Console:
    """Standard output: as wide as the terminal, or as wide as need be where it is none."""
    if sys.stdout.isatty():
        return Console(emoji=False)
    return Console(width=ENDLESS, emoji=False)  # that `:name:` may be a picture takes a while to load


def fitted(sheet: Sheet, console: Console) -> RenderableType:
    """The sheet in the first of three forms that is not too wide, below its title."""
    if console.width >= ENDLESS:
        return titled(sheet, [piped(sheet)])
    for form in (side_by_side, turned):
        table = form(sheet)
        if least_width(table, console) <= console.width:
            return titled(sheet, [table])
    return titled(sheet, paragraphs(sheet, console.width))


def least_width(table: Table, console: Console) -> int:
    """The columns of a terminal in which nothing of a table is broken."""
    return Measurement.get(console, console.options.update(width=ENDLESS), table).minimum


def titled(sheet: Sheet, parts: Iterable[RenderableType]) -> Group:
    """The title, and what stands below it."""
    if sheet.title:
        return Group(Text(sheet.title, style="italic"), *parts)
    return Group(*parts)


def side_by_side(sheet: Sheet) -> Table:
    """A line for each row."""
    rows = list(sheet.texts())
    table = Table(box=None, pad_edge=False)
    for place, column in enumerate(sheet.columns):
        least = widest([column.words, *(texts[place] for texts in rows)])
        if column.is_prose:
            least = min(least, NARROWEST_PROSE)
        table.add_column(column.words, justify=side_of(column), min_width=least, no_wrap=not column.is_prose)
    for texts in rows:
        table.add_row(*map(Text, texts))
    return table


def piped(sheet: Sheet) -> Table:
    """A line for each row, and for long sentences more."""
    table = side_by_side(sheet)
    for column, own in zip(table.columns, sheet.columns, strict=True):
        column.max_width = WIDEST_PIPED_PROSE if own.is_prose else None
    return table


def side_of(column: SheetColumn) -> Literal["left", "right"]:
    """Numbers end below each other."""
    if column.is_number:
        return "right"
    return "left"


def turned(sheet: Sheet) -> Table:
    """A line for each column."""
    rows = list(sheet.texts())
    names = [one_line(column.words) for column in sheet.columns]
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(min_width=widest(names), no_wrap=True)
    for texts in rows:
        table.add_column(justify="right", min_width=widest(texts), no_wrap=True)
    for place, name in enumerate(names):
        table.add_row(name, *(Text(texts[place]) for texts in rows))
    return table


def widest(texts: Iterable[str]) -> int:
    """The columns of a terminal that the longest line of them takes."""
    return max((cell_len(line) for text in texts for line in text.split("\n")), default=0)


def paragraphs(sheet: Sheet, width: int) -> Iterator[Text]:
    """A paragraph for each row, a line for each of its cells; what is too long for a line has the next one."""
    for texts in sheet.texts():
        for column, text in zip(sheet.columns, texts, strict=True):
            yield from lines(column, one_line(text), width)
        yield Text()


def lines(column: SheetColumn, text: str, width: int) -> Iterator[Text]:
    """What one cell says. A number or a name that is longer than any line runs over its end."""
    words = one_line(column.words)
    if cell_len(words) + 2 + cell_len(text) <= width:
        yield Text(f"{words}: {text}")
        return
    yield Text(f"{words}:")
    if column.is_prose:
        yield Text(f"  {text}")
    else:
        yield Text(f"  {text}", no_wrap=True, overflow="ignore")


def one_line(text: str) -> str:
    """Lines that stand below each other, one after the other."""
    return " ".join(text.split("\n"))
