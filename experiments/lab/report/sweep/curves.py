"""A figure for each metric: mean or median with the interval, and the paired difference from the first point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

from experiments.lab.report.agent_labels import shown
from experiments.lab.report.figure import Figure, Panel, Trace, on, once, stacked
from experiments.lab.report.palette import HOLDERS, OTHERS
from experiments.lab.report.sweep.axes import Across, across, line_of, lines, value_of
from experiments.lab.report.sweep.metrics import Described
from experiments.lab.report.sweep.shown_figures import ShownFigure, estimate, leading
from experiments.lab.report.sweep.sweep_source import MeasuredPoint, SweepFolder, described
from experiments.lab.report.table import NOTHING, number, rounded

MOST_LINES = 24
LAST = 2000  # in the legend, where all others have rank 1000
MOST_SINGLES = 500  # runs of a sweep that are drawn one by one
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "star")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")

MEAN = "A mark is the mean over the seeds, its bar the 95 % interval of the mean"
SINGLES = "single runs"
ONE = "A mark is a single run, so there is no interval"
MEDIAN = (
    "A mark is the median over the seeds, its bar the interval of the median ({level}): the mean has no interval, "
    "for a reason that is told below the table of points"
)
HOVER = "%{customdata[1]}, interval %{customdata[2]} (%{customdata[3]})<br>%{customdata[4]} runs"
DIFFERENCE = "; below is the {name} difference from {baseline}, the runs of the same seed paired"
CLEAR = ": a bar clear of 0 is a difference that the choice of seeds hardly explains"


class Look(NamedTuple):
    """How a line is told from the others: by its colour, by its marks and dashes, and a little by its place."""

    colour: str
    symbol: str
    dash: str
    aside: float


Looks = Mapping[tuple[str, ...], Look]
"""The look of each line, by the texts of the parameters that its points share."""


def curves(sweep: SweepFolder, metrics: Sequence[Described]) -> list[Figure]:
    """The figures of all metrics."""
    axis = across(sweep)
    looks = looks_of(list(lines(sweep.points, axis.key))[:MOST_LINES], axis)
    return [curve(sweep, metric, axis, looks) for metric in metrics]


def curve(sweep: SweepFolder, metric: Described, axis: Across, looks: Looks) -> Figure:
    """The figure of one metric."""
    panels = [sweep.points]
    height = 250
    if has_differences(sweep, metric):
        panels.append(sweep.differences)
        height = 200
    traces = [
        {**trace, **on(panel)}
        for panel, points in enumerate(panels)
        for trace in panel_traces(lines(points, axis.key), metric, axis, looks)
    ]
    means = Panel(heading(metric, [key for key in sweep.grid if key != axis.key]), {"zeroline": False})
    differences = Panel("difference", {"zeroline": True, "rangemode": "tozero"})
    layout = stacked([means, differences][: len(panels)], height, axis.layout())
    whole = once([*dots(sweep, metric, axis, looks), *traces])
    names = {trace["name"] for trace in whole}
    layout |= {"legend": {"itemsizing": "trace"}, "showlegend": len(names) > 1}
    return Figure(metric.id, metric.name, caption(sweep, metric, panels), whole, layout, note(sweep, axis))


def has_differences(sweep: SweepFolder, metric: Described) -> bool:
    """Whether there is a paired difference of a metric at all."""
    return any(point.value(metric.name, "mean") is not None for point in sweep.differences)


def heading(metric: Described, others: Sequence[str]) -> str:
    """What the upper panel shows, and the keys by which its lines differ."""
    by = ""
    if others:
        by = f"by {', '.join(others)}"
    more = ", ".join(filter(None, [metric.unit, by]))
    return f"<b>{shown(metric.name)}</b>  {shown_whole(more)}".rstrip()


def panel_traces(
    found: Mapping[tuple[str, ...], Sequence[MeasuredPoint]], metric: Described, axis: Across, looks: Looks
) -> list[Trace]:
    """The lines of one panel, beside each other."""
    figure = leading(point.found(metric.name) for points in found.values() for point in points)
    return [line(found.get(name, ()), name, metric, figure, axis, look) for name, look in looks.items()]


def looks_of(names: Sequence[tuple[str, ...]], axis: Across) -> Looks:
    """A colour for each value of the first other key, a mark and a dash for each combination of the rest."""
    colours = list(dict.fromkeys(name[:1] for name in names))
    rests = list(dict.fromkeys(name[1:] for name in names))
    return {
        name: look(colours.index(name[:1]), rests.index(name[1:]), aside)
        for name, aside in zip(names, axis.asides(len(names)), strict=True)
    }


def look(colour: int, rest: int, aside: float) -> Look:
    """The look of a line: where colours run out, they begin again with another mark."""
    turn = (rest + colour // len(HOLDERS)) % len(SYMBOLS)
    return Look(HOLDERS[colour % len(HOLDERS)], SYMBOLS[turn], DASHES[turn], aside)


def dots(sweep: SweepFolder, metric: Described, axis: Across, looks: Looks) -> list[Trace]:
    """Every single run as a dot, hidden until it is asked for where there is more than one point."""
    if not has_dots(sweep):
        return []
    named = [(run, line_of(run.point, axis.key)) for run in sweep.singles(metric.name)]
    there = [(run, looks[name]) for run, name in named if name in looks]
    dot = {
        "type": "scatter",
        "mode": "markers",
        "name": SINGLES,
        "legendrank": LAST,
        "visible": "legendonly" if len(sweep.points) > 1 else True,
        "x": [axis.at(run.point, look.aside) for run, look in there],
        "y": [rounded(run.value) for run, _ in there],
        "marker": {"color": OTHERS, "size": 5, "opacity": 0.7},
        "customdata": [run.seed for run, _ in there],
        "hovertemplate": "seed %{customdata}: %{y}",
    }
    return [{**dot, **on(0)}]


def line(
    points: Sequence[MeasuredPoint], name: tuple[str, ...], metric: Described, figure: str, axis: Across, own: Look
) -> Trace:
    """One line: means or medians, as `figure` says, with intervals. Points without a value are left out."""
    there = [point for point in points if point.value(metric.name, "mean") is not None]
    found = [estimate(point.found(metric.name), figure) for point in there]
    return {
        "type": "scatter",
        "mode": "lines+markers" if axis.is_numeric else "markers",
        "name": shown_whole(", ".join(name)) or figure,
        "x": [axis.at(point, own.aside) for point in there],
        "y": [rounded(own.value or 0.0) for own in found],
        "cliponaxis": False,
        "error_y": interval(found),
        "line": {"color": own.colour, "width": 1.6, "dash": own.dash},
        "marker": {"color": own.colour, "symbol": own.symbol, "size": 7},
        "customdata": [
            [value_of(point, axis.key), *told(own), f"{point.runs:,}"]
            for point, own in zip(there, found, strict=True)
        ],
        "hovertemplate": f"{shown(axis.key)} %{{customdata[0]}}<br>{HOVER}",
    }


def distance(low: float | None, high: float | None) -> float:
    """How far one end of an interval lies from its middle; 0 where there is none."""
    if low is None or high is None:
        return 0.0
    return rounded(max(0.0, high - low))


def interval(found: Sequence[ShownFigure]) -> dict[str, Any]:
    """The intervals as bars; no bar where there is none."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [distance(own.value, own.high) for own in found],
        "arrayminus": [distance(own.low, own.value) for own in found],
        "thickness": 1.3,
        "width": 3,
    }


def told(own: ShownFigure) -> list[str]:
    """What the pointer shows of a point: the mean or the median, its interval, and the level of that."""
    return [f"{own.name} {number(own.value)}", own.interval or NOTHING, own.percent if own.level else NOTHING]


def caption(sweep: SweepFolder, metric: Described, panels: Sequence[Any]) -> str:
    """What the metric is and how to read the figure."""
    meaning = ""
    if metric.meaning:
        meaning = f"{metric.meaning[:1].upper()}{metric.meaning[1:]}. "
    mark = marks(sweep.points, metric.name)
    if len(panels) == 1:
        return f"{meaning}{mark}."
    baseline = described(sweep.differences[0].baseline or {})
    clear = ""
    if mark is not ONE:
        clear = CLEAR
    name = leading(point.found(metric.name) for point in sweep.differences)
    return f"{meaning}{mark}{DIFFERENCE.format(name=name, baseline=baseline)}{clear}."


def marks(points: Sequence[MeasuredPoint], metric: str) -> str:
    """What the marks and bars of a figure are."""
    name = leading(point.found(metric) for point in points)
    levels = [own.percent for point in points if (own := estimate(point.found(metric), name)).level is not None]
    if not levels:
        return ONE
    if name == "mean":
        return MEAN
    return MEDIAN.format(level=min(levels))


def note(sweep: SweepFolder, axis: Across) -> str:
    """What was left out, and what was moved."""
    count = len(lines(sweep.points, axis.key))
    others = ", ".join(key for key in sweep.grid if key != axis.key)
    notes = {
        f"Lines differ by {others}, and are drawn a little beside each other.": count > 1,
        f"The first {MOST_LINES} of {count:,} lines are drawn; the table has all.": count > MOST_LINES,
        "A click on the legend shows single runs.": has_dots(sweep) and len(sweep.points) > 1,
        f"Single runs are not drawn of more than {MOST_SINGLES}.": sweep.done > MOST_SINGLES,
    }
    return " ".join(text for text, holds in notes.items() if holds)


def has_dots(sweep: SweepFolder) -> bool:
    """Whether single runs are drawn."""
    return len(sweep.seeds) > 1 and sweep.done <= MOST_SINGLES


def shown_whole(text: str) -> str:
    """Text of which nothing is taken for markup."""
    return escape(text, quote=False)
