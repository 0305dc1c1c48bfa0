"""A figure for each metric: its mean with the 95 % interval, and the paired difference from the first point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

from experiments.lab.report.agents import shown
from experiments.lab.report.figure import Figure, Panel, Trace, on, once, stacked
from experiments.lab.report.palette import HOLDERS
from experiments.lab.report.sweep.axes import Across, across, lines, value_of
from experiments.lab.report.sweep.metrics import Described
from experiments.lab.report.sweep.source import Point, Sweep, described
from experiments.lab.report.table import number, rounded

MOST_LINES = 24
STEP, MOST_ROOM = 0.08, 0.5  # from line to line, and for all of them, of the least distance between two values
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "star")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")

MEAN = "A mark is the mean over the seeds, its bar the 95 % interval of the mean"
ONE = "A mark is a single run, so there is no interval"
HOVER = "mean %{customdata[1]}, 95 % interval %{customdata[2]} to %{customdata[3]}<br>%{customdata[4]} runs"
DIFFERENCE = "; below is the mean difference from {baseline}, the runs of the same seed paired"
CLEAR = ": a bar clear of 0 is a difference that the choice of seeds hardly explains"


class Look(NamedTuple):
    """How a line is told from the others: by its colour, and by its marks and dashes."""

    colour: str
    symbol: str
    dash: str


def curves(sweep: Sweep, metrics: Sequence[Described]) -> list[Figure]:
    """The figures of all metrics."""
    axis = across(sweep)
    names = list(lines(sweep.points, axis.key))[:MOST_LINES]
    return [curve(sweep, metric, axis, names) for metric in metrics]


def curve(sweep: Sweep, metric: Described, axis: Across, names: Sequence[tuple[str, ...]]) -> Figure:
    """The figure of one metric."""
    panels = [sweep.points, *([sweep.differences] if has_differences(sweep, metric) else [])]
    looks, others = looks_of(names), [key for key in sweep.grid if key != axis.key]
    traces = [
        {**trace, **on(panel)}
        for panel, points in enumerate(panels)
        for trace in panel_traces(lines(points, axis.key), metric, axis, looks)
    ]
    means = Panel(heading(metric, others), {"zeroline": False})
    differences = Panel("difference", {"zeroline": True, "rangemode": "tozero"})
    layout = stacked([means, differences][: len(panels)], 250 if len(panels) == 1 else 200, axis.layout())
    layout |= {"showlegend": len(names) > 1, "legend": {"itemsizing": "trace"}}
    return Figure(metric.id, metric.name, caption(sweep, metric, panels), once(traces), layout, note(sweep, axis))


def has_differences(sweep: Sweep, metric: Described) -> bool:
    """Whether there is a paired difference of a metric at all."""
    return any(point.value(metric.name, "mean") is not None for point in sweep.differences)


def heading(metric: Described, others: Sequence[str]) -> str:
    """What the upper panel shows, and the keys by which its lines differ."""
    by = f"by {', '.join(others)}" if others else ""
    more = ", ".join(filter(None, [metric.unit, by]))
    return f"<b>{shown(metric.name)}</b>  {shown_whole(more)}".rstrip()


def panel_traces(
    found: Mapping[tuple[str, ...], Sequence[Point]],
    metric: Described,
    axis: Across,
    looks: Mapping[tuple[str, ...], Look],
) -> list[Trace]:
    """The lines of one panel, beside each other."""
    step = min(STEP, MOST_ROOM / len(looks))
    middle = (len(looks) - 1) / 2
    return [
        line(found.get(name, ()), name, metric, axis, look, step * (number - middle))
        for number, (name, look) in enumerate(looks.items())
    ]


def looks_of(names: Sequence[tuple[str, ...]]) -> dict[tuple[str, ...], Look]:
    """A colour for each value of the first other key, a mark and a dash for each combination of the rest."""
    colours = list(dict.fromkeys(name[:1] for name in names))
    rests = list(dict.fromkeys(name[1:] for name in names))
    return {name: look(colours.index(name[:1]), rests.index(name[1:])) for name in names}


def look(colour: int, rest: int) -> Look:
    """The look of a line: where colours run out, they begin again with another mark."""
    turn = (rest + colour // len(HOLDERS)) % len(SYMBOLS)
    return Look(HOLDERS[colour % len(HOLDERS)], SYMBOLS[turn], DASHES[turn])


def line(
    points: Sequence[Point], name: tuple[str, ...], metric: Described, axis: Across, own: Look, aside: float
) -> Trace:
    """One line: means with their intervals. Points without a mean are left out."""
    there = [point for point in points if point.value(metric.name, "mean") is not None]
    return {
        "type": "scatter",
        "mode": "lines+markers" if axis.is_numeric else "markers",
        "name": shown(", ".join(name)) or "mean",
        "x": [axis.at(point, aside) for point in there],
        "y": [rounded(mean_of(point, metric.name)) for point in there],
        "error_y": interval(there, metric.name),
        "line": {"color": own.colour, "width": 1.6, "dash": own.dash},
        "marker": {"color": own.colour, "symbol": own.symbol, "size": 7},
        "customdata": [[value_of(point, axis.key), *told(point, metric.name)] for point in there],
        "hovertemplate": f"{shown(axis.key)} %{{customdata[0]}}<br>{HOVER}",
    }


def interval(points: Sequence[Point], metric: str) -> dict[str, Any]:
    """The 95 % intervals as bars; no bar where there is no interval."""
    ends = [(mean_of(point, metric), point.value(metric, "low"), point.value(metric, "high")) for point in points]
    return {
        "type": "data",
        "symmetric": False,
        "array": [0.0 if high is None else rounded(max(0.0, high - mean)) for mean, _, high in ends],
        "arrayminus": [0.0 if low is None else rounded(max(0.0, mean - low)) for mean, low, _ in ends],
        "thickness": 1.3,
        "width": 3,
    }


def mean_of(point: Point, metric: str) -> float:
    """The mean of a metric that has one."""
    mean = point.value(metric, "mean")
    assert mean is not None
    return mean


def told(point: Point, metric: str) -> list[str]:
    """What the pointer shows of a point: the mean, the ends of its interval, and the number of runs."""
    return [*(number(point.value(metric, name)) for name in ("mean", "low", "high")), f"{point.runs:,}"]


def caption(sweep: Sweep, metric: Described, panels: Sequence[Any]) -> str:
    """What the metric is and how to read the figure."""
    meaning = f"{metric.meaning[:1].upper()}{metric.meaning[1:]}. " if metric.meaning else ""
    mark = MEAN if any(point.value(metric.name, "low") is not None for point in sweep.points) else ONE
    if len(panels) == 1:
        return f"{meaning}{mark}."
    baseline = described(sweep.differences[0].baseline or {})
    return f"{meaning}{mark}{DIFFERENCE.format(baseline=baseline)}{CLEAR if mark is MEAN else ''}."


def note(sweep: Sweep, axis: Across) -> str:
    """What was left out, and what was moved."""
    count = len(lines(sweep.points, axis.key))
    others = ", ".join(key for key in sweep.grid if key != axis.key)
    apart = f"Lines differ by {others}, and are drawn a little beside each other." if count > 1 else ""
    few = f"The first {MOST_LINES} of {count:,} lines are drawn; the table has all." if count > MOST_LINES else ""
    return " ".join(filter(None, [apart, few]))


def shown_whole(text: str) -> str:
    """Text of which nothing is taken for markup."""
    return escape(text, quote=False)
