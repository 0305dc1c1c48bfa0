"""A figure as plotly's own object, in the colours of paper, with its title and with the words below it."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

import plotly.graph_objects as go

from experiments.lab.report.figure import BOTTOM, TOP, Figure, Layout

TEXT, QUIET, LINE, GRID = "#1b1f24", "#5a6472", "#d9dee4", "#e8ebef"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif"

TITLE = 34  # pixels for the title, above the heading of the first panel
LEGEND_LINE, LEGEND_WIDTH = 30, 600  # of the legend, pixels; where it is wider, its lines are fewer
SYMBOL, LETTER = 48, 7.5  # the width of what stands before a name in the legend, and of a letter
GAP = 16  # between legend and caption, and below it
CAPTION_LINE, LETTERS = 17, 96  # the height of a line of the caption, and its letters


def as_plotly(figure: Figure) -> go.Figure:
    """The figure, to be shown, saved or changed."""
    return go.Figure(data=list(figure.traces), layout=whole_layout(figure))


def whole_layout(figure: Figure) -> Layout:
    """The figure's own layout, with room for its title, its legend and its words."""
    words = wrap(f"{figure.caption} {figure.note}", LETTERS)
    below = CAPTION_LINE * len(words) + GAP
    legend = LEGEND_LINE * legend_lines(figure)
    height = figure.layout["height"] + TITLE + legend + below
    own = {**figure.layout, "height": height, "template": template()}
    own["margin"] = {"l": 56, "r": 22, "t": TOP + TITLE, "b": BOTTOM + legend + below}
    own["title"] = {"text": figure.title, "x": 0.01, "xanchor": "left", "y": 1 - 18 / height, "yanchor": "middle"}
    own["legend"] = {**legend_place(below / height), **figure.layout.get("legend", {})}
    own["annotations"] = [*figure.layout.get("annotations", ()), caption(words, BOTTOM + legend + GAP // 2)]
    return own


def legend_lines(figure: Figure) -> int:
    """How many lines the legend takes at the most."""
    if not figure.layout.get("showlegend"):
        return 0
    lines, room = 1, float(LEGEND_WIDTH)
    for trace in figure.traces:
        if not trace.get("showlegend", True):
            continue
        width = SYMBOL + LETTER * len(trace.get("name", ""))
        if width > room:
            lines, room = lines + 1, float(LEGEND_WIDTH)
        room -= width
    return lines


def legend_place(bottom: float) -> dict[str, Any]:
    """A legend in lines, its lower edge at `bottom`, a share of the whole height."""
    flat = {"orientation": "h", "itemsizing": "constant", "x": 0, "xanchor": "left"}
    return {**flat, "yref": "container", "y": bottom, "yanchor": "bottom"}


def caption(words: list[str], down: int) -> dict[str, Any]:
    """How to read it, `down` pixels below the plot."""
    return {
        "text": "<br>".join(words),
        "showarrow": False,
        "align": "left",
        "font": {"size": 12, "color": QUIET},
        "xref": "paper",
        "x": 0,
        "xanchor": "left",
        "yref": "paper",
        "y": 0,
        "yanchor": "top",
        "yshift": -down,
    }


def template() -> dict[str, Any]:
    """The looks that all figures share."""
    axis = {"gridcolor": GRID, "zerolinecolor": QUIET, "linecolor": LINE, "tickcolor": LINE, "automargin": True}
    axis |= {"title": {"font": {"size": 13}}, "ticks": "outside", "ticklen": 4, "separatethousands": True}
    return {
        "layout": {
            "font": {"family": FONT, "size": 13, "color": TEXT},
            "title": {"font": {"size": 17}},
            "paper_bgcolor": "#ffffff",
            "plot_bgcolor": "#ffffff",
            "hovermode": "closest",
            "hoverlabel": {"namelength": -1, "align": "left", "bgcolor": "#ffffff", "bordercolor": LINE},
            "xaxis": {**axis, "showgrid": False},
            "yaxis": {**axis, "zeroline": False},
        }
    }
