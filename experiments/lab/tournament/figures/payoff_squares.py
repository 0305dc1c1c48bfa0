"""The figures with a row and a column for each entrant: who earns what against whom, and what beats what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from experiments.lab.report.csv_text import csv_text
from experiments.lab.report.figure import TOP, Figure, Layout, Trace, titled
from experiments.lab.report.sweep.shown_figures import first_estimate
from experiments.lab.report.table import number, rounded
from experiments.lab.statistics import FIGURES, Sampling, Statistics, describe
from experiments.lab.tournament.formats import TWO_SIDED
from experiments.lab.tournament.overlaps import doubtful, equal
from experiments.lab.tournament.standings import is_less, is_more

if TYPE_CHECKING:
    from experiments.lab.tournament.played_tournament import Tournament

Array = npt.NDArray[np.float64]
Square = list[list[Statistics]]

SIDE = 46  # pixels of a cell's height
LABELS = 90  # pixels for the names below
MOST_LARGE = 5  # entrants up to which the numbers of the cells fit a phone
MOST_WRITTEN = 8  # entrants up to which numbers stand in the cells

INK = "#1b1f24"  # on all of these
RISING = [[0, "#f5f7fc"], [1, "#8ea6e6"]]
APART = [[0, "#ee9a66"], [0.5, "#f5f5f5"], [1, "#74b3e2"]]

PAYOFFS = (
    "Each cell is what the row earns where all others play the column, ETH a run and seat, the mean over the "
    "seeds. In a column, the best reply is in bold, with all that these seeds do not tell from it."
)
BEATS = (
    "Blue: one that plays the row, alone among others that play the column, earns more than these do among "
    "themselves, so that it pays to turn to it; orange: it earns less. In bold where the 95 % interval of the "
    "gain, seed by seed, does not hold 0. A column with no bold blue is one from which nobody turns away for "
    "sure."
)
DIFFERENCES = (
    "Blue: the row earned more than the column, all in one market; orange: less. In bold where the 95 % "
    "interval of the difference, seed by seed, does not hold 0."
)


def payoffs(played: Tournament) -> Figure:
    """What the row earns where the others play the column."""
    against = played.against()
    cells = square(against, played.sampling)
    best = {
        (own, other) for other in range(len(cells)) for own in may_be_best(against[:, :, other], played.sampling)
    }
    trace = heat_map(played.labels, cells, best) | {"colorscale": RISING}
    return Figure(
        "against",
        "Who earns what against whom",
        PAYOFFS,
        [trace],
        layout(len(cells), "where the others play"),
        csv=numbers(played.labels, cells, "payoff_eth"),
    )


def may_be_best(profits: Array, sampling: Sampling) -> set[int]:
    """Who earns most in a column, or may."""
    return {*doubtful(profits, sampling), *equal(profits)}


def beats(played: Tournament) -> Figure:
    """What pays where all others play something else; without a game, who earned more than whom."""
    if played.format in TWO_SIDED:
        return gains(played, square(invasion(played.against()), played.sampling), BEATS, "alone among")
    profits = played.by_entrant(played.profits)
    differences = square(profits[:, :, np.newaxis] - profits[:, np.newaxis, :], played.sampling)
    return gains(played, differences, DIFFERENCES, "more than")


def invasion(against: Array) -> Array:
    """What one who plays i gains among others who play j over these: seeds × entrants × entrants."""
    return against - np.diagonal(against, axis1=1, axis2=2)[:, np.newaxis, :]


def gains(played: Tournament, cells: Square, caption: str, axis: str) -> Figure:
    """Gains and losses, around 0."""
    places = [(own, other) for own in range(len(cells)) for other in range(len(cells))]
    sure = {(own, other) for own, other in places if is_clear(cells[own][other])}
    trace = heat_map(played.labels, cells, sure) | {"colorscale": APART, "zmid": 0}
    csv = numbers(played.labels, cells, "gain_eth")
    return Figure("beats", "What beats what", caption, [trace], layout(len(cells), axis), csv=csv)


def is_clear(gain: Statistics) -> bool:
    """Whether a gain or a loss is one for sure."""
    return is_more(gain) or is_less(gain)


def square(values: Array, sampling: Sampling) -> Square:
    """Statistics over the seeds of seeds × entrants × entrants."""
    count = values.shape[1]
    return [[describe(values[:, own, other], sampling) for other in range(count)] for own in range(count)]


def heat_map(labels: list[str], cells: Square, bold: set[tuple[int, int]]) -> Trace:
    """Cells in colours, with their means written in them."""
    return {
        "type": "heatmap",
        "x": labels,
        "y": labels,
        "z": [[rounded(cell["mean"]) for cell in row] for row in cells],
        "text": [
            [written(cell, (own, other) in bold) for other, cell in enumerate(row)]
            for own, row in enumerate(cells)
        ],
        "customdata": [[interval(cell) for cell in row] for row in cells],
        "hovertemplate": "%{y} among %{x}: %{text} ETH%{customdata}<extra></extra>",
        "textfont": {"color": INK} | of_size(len(labels)),
        "xgap": 2,
        "ygap": 2,
        **legible(len(labels)),
    }


def of_size(count: int) -> Trace:
    """Numbers of one size where they fit a phone; else what plotly finds to fit."""
    if count <= MOST_LARGE:
        return {"size": 11}
    return {}


def legible(count: int) -> Trace:
    """Numbers in the cells; where these are too small for them, a scale beside."""
    if count <= MOST_WRITTEN:
        return {"texttemplate": "%{text}", "showscale": False}
    return {"colorbar": {"thickness": 10, "outlinewidth": 0, "title": {"text": "ETH"}}}


def written(cell: Statistics, is_bold: bool) -> str:
    """A mean to three digits, as it stands in a cell."""
    mean = cell["mean"] or 0.0
    text = f"{mean:z,.3g}"
    if abs(mean) >= 1000:
        text = f"{mean:z,.0f}"
    if is_bold:
        return f"<b>{text}</b>"
    return text


def interval(cell: Statistics) -> str:
    """That of the mean or, where it has none, the median and its own, in words; nothing where there is neither."""
    first = first_estimate(cell)
    if not first.interval:
        return ""
    if first.name == "median":
        return f"<br>median {number(first.value)}, {first.percent} interval {first.interval}"
    return f"<br>95 % interval {first.interval}"


def layout(count: int, axis: str) -> Layout:
    """The first row on top."""
    plain = {"type": "category", "showgrid": False, "automargin": True, "ticks": ""}
    return {
        "height": TOP + SIDE * count + LABELS,
        "showlegend": False,
        "xaxis": {**plain, **titled(axis), "autotickangles": [0, -90]},
        "yaxis": {**plain, "autorange": "reversed"},
    }


def numbers(labels: list[str], cells: Square, what: str) -> str:
    """A line for each cell."""

    def rows() -> Iterator[list[object]]:
        for label, row in zip(labels, cells, strict=True):
            for other, cell in zip(labels, row, strict=True):
                yield [label, other, *(cell.get(name) for name in FIGURES)]

    return csv_text(["entrant", "others", what, *FIGURES[1:]], rows())
