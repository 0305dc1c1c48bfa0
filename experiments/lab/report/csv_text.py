"""Numbers of a figure as CSV, to be saved from the page."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any


def csv_text(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A line of headings and a line a row (RFC 4180); None is an empty field, numbers have all their digits."""
    text = StringIO()
    csv.writer(text).writerows([heads, *rows])
    return text.getvalue()
