"""Where populations go whose members earn what the tournament has measured (replicator dynamics)."""

from __future__ import annotations

from math import atan2, degrees
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from experiments.lab.report.csv_text import csv_text
from experiments.lab.report.figure import BOTTOM, TOP, Figure, Layout, Trace, titled
from experiments.lab.report.palette import HOLDERS, OTHERS
from experiments.lab.report.table import rounded
from experiments.lab.tournament.equilibria import symmetric_equilibria
from experiments.lab.tournament.lineup_words import mix
from experiments.lab.tournament.population import TIMES, replicator
from experiments.lab.tournament.resamples import named

if TYPE_CHECKING:
    from experiments.lab.tournament.played_tournament import Tournament

Array = npt.NDArray[np.float64]

HEIGHT = 320
PARTS = 6  # of a side of the triangle between starts
CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, 0.75**0.5]])
ARROW = 0.35  # of a path's length
TIME = "time, in units of the largest payoff difference"
TITLE = "Where a population goes"

LINES = (
    "Who earns more than the average grows (replicator dynamics, Taylor and Jonker 1978), from even shares on;"
    " the lines are shares of the population. Other starts may lead elsewhere. Mean payoffs are taken as "
    "exact."
)
PAIR = (
    "Each line is the share of {first} in a population that starts somewhere else; the rest plays {second}. "
    "Who earns more than the average grows (replicator dynamics, Taylor and Jonker 1978). Mean payoffs are "
    "taken as exact."
)
TRIANGLE = (
    "A point is a population: at a corner all play its entrant, in the middle one third each. Who earns more "
    "than the average grows (replicator dynamics, Taylor and Jonker 1978), along the arrows; circles are the "
    "symmetric equilibria, also such as no path leads to. Mean payoffs are taken as exact."
)


def flow(played: Tournament) -> Figure:
    """A triangle of three, the share of the first of two, or the shares of more over time."""
    table = played.against().mean(axis=0)
    count = len(table)
    if count == 3:
        return triangle(played.labels, table)
    if count == 2:
        return pair(played.labels, table)
    return lines(played.labels, table)


def lines(labels: list[str], table: Array) -> Figure:
    """Shares over time, from even ones on."""
    path = replicator(table)
    traces = [
        over_time(shares, label, HOLDERS[number % len(HOLDERS)])
        for number, (label, shares) in enumerate(zip(labels, path.T, strict=True))
    ]
    return Figure("population", TITLE, LINES, traces, time_layout(len(labels) > 1), csv=as_csv(labels, [path]))


def pair(labels: list[str], table: Array) -> Figure:
    """The share of the first over time, from nine starts."""
    starts = np.arange(1, 10) / 10
    paths = [replicator(table, np.array([share, 1 - share])) for share in starts]
    caption = PAIR.format(first=labels[0], second=labels[1])
    traces = [
        over_time(path[:, 0], f"from {start:z.0%}", HOLDERS[0]) for start, path in zip(starts, paths, strict=True)
    ]
    layout = time_layout(False)
    layout["yaxis"] |= titled(f"share of {labels[0]}")
    return Figure("population", TITLE, caption, traces, layout, csv=as_csv(labels, paths))


def over_time(shares: Array, name: str, colour: str) -> Trace:
    """One line."""
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": TIMES.tolist(),
        "y": [round(share, 4) for share in shares.tolist()],
        "line": {"color": colour, "width": 2},
        "hovertemplate": "%{y:.1%}",
    }


def time_layout(has_legend: bool) -> Layout:
    """Shares from 0 to 1."""
    return {
        "height": TOP + HEIGHT + BOTTOM,
        "showlegend": has_legend,
        "xaxis": titled(TIME),
        "yaxis": {"range": [-0.02, 1.02], "tickformat": ".0%", **titled("share of the population")},
    }


def triangle(labels: list[str], table: Array) -> Figure:
    """Paths from all over the triangle, and the equilibria."""
    paths = [replicator(table, start) for start in starts()]
    traces = [border(), *map(way, paths), arrows(paths), resting(labels, table)]
    hidden = {"visible": False, "fixedrange": True}
    layout = {
        "height": TOP + HEIGHT + 80 + BOTTOM,
        "showlegend": False,
        "xaxis": {**hidden, "range": [-0.12, 1.12]},
        "yaxis": {**hidden, "range": [-0.1, 0.97], "scaleanchor": "x"},
        "annotations": [corner(label, number) for number, label in enumerate(labels)],
    }
    return Figure("population", TITLE, TRIANGLE, traces, layout, csv=as_csv(labels, paths))


def starts() -> list[Array]:
    """Populations of all three, spread evenly."""
    parts = range(1, PARTS)
    return [
        np.array([one, other, PARTS - one - other]) / PARTS
        for one in parts
        for other in parts
        if one + other < PARTS
    ]


def border() -> Trace:
    """The sides."""
    around = CORNERS[[0, 1, 2, 0]]
    return drawn(around, OTHERS) | {"hoverinfo": "skip"}


def way(path: Array) -> Trace:
    """One path."""
    return drawn(path @ CORNERS, HOLDERS[0]) | {"hoverinfo": "skip"}


def drawn(points: Array, colour: str) -> Trace:
    """A line through points, without those that nobody would see."""
    moved = np.abs(np.diff(points, axis=0)).sum(axis=1) > 1e-4
    kept = points[np.concatenate([[True], moved])]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [rounded(x) for x in kept[:, 0].tolist()],
        "y": [rounded(y) for y in kept[:, 1].tolist()],
        "line": {"color": colour, "width": 1.5},
    }


def arrows(paths: list[Array]) -> Trace:
    """An arrow on each path, the way it goes."""
    found = [arrow(path @ CORNERS) for path in paths]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [rounded(x) for x, _, _ in found],
        "y": [rounded(y) for _, y, _ in found],
        "marker": {"symbol": "arrow", "size": 11, "color": HOLDERS[0], "angle": [angle for _, _, angle in found]},
        "hoverinfo": "skip",
    }


def arrow(points: Array) -> tuple[float, float, float]:
    """Where it stands, and its angle, degrees clockwise from upwards."""
    steps = np.diff(points, axis=0)
    gone = np.hypot(*steps.T).cumsum()
    at = int(np.searchsorted(gone, ARROW * gone[-1]))
    right, up = steps[min(at, len(steps) - 1)]
    x, y = points[at]
    return float(x), float(y), round(degrees(atan2(right, up)), 2)


def resting(labels: list[str], table: Array) -> Trace:
    """The symmetric equilibria."""
    found = symmetric_equilibria(table)
    places = np.array(found).reshape(-1, 3) @ CORNERS
    return {
        "type": "scatter",
        "mode": "markers",
        "x": places[:, 0].tolist(),
        "y": places[:, 1].tolist(),
        "marker": {"symbol": "circle-open", "size": 14, "color": HOLDERS[5], "line": {"width": 2.5}},
        "text": [mix(named(labels, shares)) for shares in found],
        "hovertemplate": "%{text}<extra></extra>",
    }


def corner(label: str, number: int) -> dict[str, object]:
    """The name of an entrant, at its corner."""
    x, y = CORNERS[number].tolist()
    above = number == 2
    return {"x": x, "y": y, "text": label, "showarrow": False, "yshift": 16 if above else -16}


def as_csv(labels: list[str], paths: list[Array]) -> str:
    """A line for each path and tenth moment."""
    rows = (
        [number, time, *shares]
        for number, path in enumerate(paths, 1)
        for time, shares in zip(TIMES[::10].tolist(), path[::10].round(6).tolist(), strict=True)
    )
    return csv_text(["path", "time", *labels], rows)
