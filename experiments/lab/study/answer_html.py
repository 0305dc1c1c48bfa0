"""An answer in a notebook."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from io import StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


def answer_html(table: pd.DataFrame, values: Mapping[str, float], figures: Mapping[str, Figure]) -> str:
    """Its table, its numbers and its figures."""
    numbers = ", ".join(f"{name} {value:z,.4g}" for name, value in values.items())
    return "".join([table.to_html(index=False), f"<p>{escape(numbers)}</p>", *map(svg_of, figures.values())])


def svg_of(figure: Figure) -> str:
    """A figure as a picture that stands in the page."""
    written = StringIO()
    figure.savefig(written, format="svg", bbox_inches="tight")
    text = written.getvalue()
    return text[text.index("<svg") :]
