"""Tables of HTML, which the page's script makes sortable by a click on a heading."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

NOTHING = "–"
SHORT = 10  # characters, of a name that stays whole
DIGITS = 4  # significant, of a number in a table


def table(heads: Sequence[str], rows: Iterable[str], label: str) -> str:
    """A table in a box of its own, which scrolls where the table is wider or longer than the screen.

    `heads` and `rows` are HTML, `label` is plain text that says what the table is.
    """
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{escape(label)}"><table class="sortable">'
        f"<thead><tr>{''.join(heads)}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>\n"
    )


def head(text: str, unit: str = "", kind: str = "", colour: str = "") -> str:
    """The heading of a column, all plain text, underlined with a colour if there is one."""
    line = ""
    if colour:
        line = f' style="border-bottom: 3px solid {colour}"'
    attribute = ""
    if kind:
        attribute = f' class="{kind}"'
    below = ""
    if unit:
        below = f"<small>{escape(unit)}</small>"
    return f'<th scope="col"{attribute}{line}>{breakable(text)}{below}</th>'


def breakable(text: str) -> str:
    """Plain text as HTML that may go on in a new line where a long name has a dot or an underscore."""
    if len(text) <= SHORT:
        return escape(text)
    return escape(text).replace(".", ".<wbr>").replace("_", "_<wbr>")


def row(name: str, cells: Iterable[str], kind: str = "") -> str:
    """One row: what it is about, and its cells; all plain text."""
    attribute = ""
    if kind:
        attribute = f' class="{kind}"'
    return f'<tr{attribute}><th scope="row">{escape(name)}</th>{"".join(map(cell, cells))}</tr>'


def cell(text: str, kind: str = "") -> str:
    """One cell, of plain text."""
    attribute = ""
    if kind:
        attribute = f' class="{kind}"'
    return f"<td{attribute}>{escape(text)}</td>"


def number(value: float | None) -> str:
    """A number with `DIGITS` significant digits, or as a whole one where it is one; a dash where there is none."""
    if value is None or not math.isfinite(value):
        return NOTHING
    if value == int(value) and abs(value) < 1e9:
        return f"{int(value):,}"
    size = math.floor(math.log10(abs(value)))
    if not -5 < size < 9:
        return f"{value:z.{DIGITS - 1}e}"
    return f"{value:z,.{max(0, DIGITS - 1 - size)}f}"


def rounded(value: float) -> float:
    """As many digits as can be seen in a figure."""
    return float(f"{value:z.6g}")


def plain(value: Any) -> str:
    """A value of a config, as one writes it: a number, a word, or JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return f"{value:z.12g}"
    return json.dumps(value, ensure_ascii=False)
