"""A figure as plain data, in plotly's own terms; the page's script draws it, and gives it the page's colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from experiments.lab.report.palette import STRUCTURES

Trace = dict[str, Any]
Layout = dict[str, Any]

TOP, GAP, BOTTOM = 34, 40, 46  # above, between and below panels, pixels


class Figure(NamedTuple):
    """One figure of the page. `caption` says how to read it, `note` what was done to the data; `csv` are its
    numbers, to be saved."""

    id: str
    title: str
    caption: str
    traces: Sequence[Trace]
    layout: Layout
    note: str = ""
    csv: str = ""


class Panel(NamedTuple):
    """One plot of a figure: its heading and its y axis."""

    heading: str
    yaxis: Mapping[str, Any]


def stacked(panels: Sequence[Panel], height: int, xaxis: Mapping[str, Any]) -> Layout:
    """Panels one below the other, each `height` pixels, with one x axis."""
    inner = len(panels) * height + (len(panels) - 1) * GAP
    layout: Layout = {"height": TOP + inner + BOTTOM, "showlegend": True, "annotations": []}
    for number, panel in enumerate(panels):
        top = 1 - number * (height + GAP) / inner
        domain = [max(0.0, top - height / inner), top]
        layout[axis("xaxis", number)] = {"anchor": axis("y", number), **below(number, len(panels), xaxis)}
        layout[axis("yaxis", number)] = {"anchor": axis("x", number), "domain": domain, **panel.yaxis}
        layout["annotations"].append(heading(panel.heading, top))
    return layout


def below(number: int, panels: int, xaxis: Mapping[str, Any]) -> dict[str, Any]:
    """The x axis of a panel: all move together, and the last one says what they show."""
    together = {}
    if number:
        together = {"matches": "x"}
    if number < panels - 1:
        return {**xaxis, **together, "showticklabels": False, "title": {"text": ""}}
    return {**xaxis, **together}


def block_axis(blocks: int) -> dict[str, Any]:
    """An x axis of blocks, with room for what happened before block 0."""
    span = {"range": [-1 - 0.005 * blocks, 1.005 * blocks], "zeroline": False}
    return {**span, **whole_numbers(blocks), **titled("block")}


def whole_numbers(most: int) -> dict[str, Any]:
    """An axis for counts up to `most`: no tick at a half."""
    if most < 6:
        return {"dtick": 1}
    return {}


def titled(text: str) -> dict[str, Any]:
    """An axis with a title."""
    return {"title": {"text": text, "standoff": 8}}


def on_one_scale(layout: Layout) -> Layout:
    """The same with all y axes moving together."""
    others = [name for name in layout if name.startswith("yaxis") and name != "yaxis"]
    return layout | {name: {**layout[name], "matches": "y"} for name in others}


def axis(name: str, number: int) -> str:
    """Plotly's name of an axis: x, x2, x3, …"""
    if number == 0:
        return name
    return f"{name}{number + 1}"


def on(number: int) -> Trace:
    """What puts a trace on a panel."""
    return {"xaxis": axis("x", number), "yaxis": axis("y", number)}


def heading(text: str, top: float) -> dict[str, Any]:
    """A panel's heading, above its left corner."""
    place = {"x": 0, "xref": "paper", "xanchor": "left", "y": top, "yref": "paper", "yanchor": "bottom"}
    return {"text": text, "showarrow": False, "align": "left", **place}


def entitled(structure: str, what: str) -> str:
    """The heading of a structure's panel."""
    return f"<b>{structure}</b>  {what}"


def bars(rows: Sequence[str], values: Mapping[str, Sequence[float]], unit: str, form: str) -> list[Trace]:
    """Horizontal bars, one row each, the structures side by side. `form` is how a value is written."""
    return [
        {
            "type": "bar",
            "orientation": "h",
            "name": structure,
            "y": list(rows),
            "x": list(numbers),
            "marker": {"color": STRUCTURES[structure].colour},
            "hovertemplate": f"%{{y}}: %{{x:{form}}} {unit}",
        }
        for structure, numbers in values.items()
    ]


def bar_layout(rows: int, structures: int, xaxis: Mapping[str, Any]) -> Layout:
    """The layout for `bars`, first row on top."""
    height = rows * (10 + 9 * structures)
    apart = {"ticklen": 7, "tickcolor": "rgba(0,0,0,0)", "showgrid": False}
    return {
        "height": TOP + height + BOTTOM,
        "showlegend": structures > 1,
        "barmode": "group",
        "bargap": 0.3,
        "xaxis": dict(xaxis),
        "yaxis": {"type": "category", "autorange": "reversed", "automargin": True, **apart},
    }


def once(traces: Sequence[Trace]) -> list[Trace]:
    """Show each name in the legend once, though it has a trace on every panel; a click takes all of them."""
    seen: set[str] = set()
    shown = []
    for trace in traces:
        name = trace["name"]
        in_legend = trace.get("showlegend", True) and name not in seen
        if in_legend:
            seen.add(name)
        shown.append({**trace, "legendgroup": name, "showlegend": in_legend})
    return shown
