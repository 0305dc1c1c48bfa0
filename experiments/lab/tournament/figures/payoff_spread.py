"""The figures with a row for each entrant: its rank, and its payoffs seed by seed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from experiments.lab.report.csv_text import csv_text
from experiments.lab.report.figure import BOTTOM, TOP, Figure, Layout, titled
from experiments.lab.report.palette import HOLDERS
from experiments.lab.report.sweep.shown_figures import ShownFigure, first_estimate
from experiments.lab.report.table import rounded
from experiments.lab.statistics import FIGURES
from experiments.lab.tournament.standings import Standing

if TYPE_CHECKING:
    from experiments.lab.tournament.played_tournament import Tournament

UNIT = "ETH a run and seat"
ROW = 36  # pixels
MOST_POINTS = 2_000  # single seeds that are drawn one by one

RANKS = (
    "A mark is the mean over the seeds, its bar the 95 % interval of the mean. Who is better for sure, seed by"
    " seed, ranks before; all others share a rank (=). Bars may overlap where the ranks differ: on the same "
    "seeds the difference is known better than either mean."
)
SPREAD = (
    "The box holds the middle half of the seeds, with the median as a line and the mean dashed; each dot is a "
    "seed, the mean over the seats and lineups in which the entrant played. Differences between the boxes of "
    "two entrants are partly those of the seeds, which both had."
)


def ranks(played: Tournament) -> Figure:
    """Mean payoffs with their intervals, best first, ties shared."""
    lines = played.standings()
    estimates = [first_estimate(line.payoff) for line in lines]
    trace = {
        "type": "scatter",
        "mode": "markers",
        "x": [rounded(own.value or 0.0) for own in estimates],
        "y": [ranked(line, lines) for line in lines],
        "error_x": {**reach(estimates), "color": "#8c8c8c", "thickness": 1.6},
        "marker": {"size": 11, "color": [colour_of(played, line.label) for line in lines]},
        "customdata": [line.label for line in lines],
        "hovertemplate": "%{customdata}: %{x:.5g} ETH<extra></extra>",
    }
    return Figure(
        "ranks", "Ranks, ties shared", RANKS, [trace], rows_layout(len(lines)), csv=csv_text(*standing_rows(lines))
    )


def ranked(line: Standing, lines: Sequence[Standing]) -> str:
    """`1 = shade:0.8`."""
    is_shared = sum(other.rank == line.rank for other in lines) > 1
    return f"{line.rank}{' =' * is_shared}  {line.label}"


def reach(payoffs: Sequence[ShownFigure]) -> dict[str, object]:
    """How far the intervals reach; nothing where there is none."""
    ends = [(one.low, one.value or 0.0, one.high) for one in payoffs]
    return {
        "type": "data",
        "symmetric": False,
        "array": [0 if high is None else rounded(high - mean) for _, mean, high in ends],
        "arrayminus": [0 if low is None else rounded(mean - low) for low, mean, _ in ends],
    }


def standing_rows(lines: Sequence[Standing]) -> tuple[list[str], list[list[object]]]:
    """Headings and rows of the standings."""
    heads = ["rank", "entrant", "payoff_eth", *FIGURES[1:], "regret_eth", "win_share", "eth_per_ticket"]
    rows: list[list[object]] = [
        [
            line.rank,
            line.label,
            *(line.payoff.get(name) for name in FIGURES),
            line.regret["mean"],
            line.win_share,
            line.profit_per_ticket,
        ]
        for line in lines
    ]
    return heads, rows


def spread(played: Tournament) -> Figure:
    """Payoffs seed by seed, in boxes, best first."""
    profits = played.by_entrant(played.profits)
    order = [played.labels.index(line.label) for line in played.standings()]
    shown = "all" if profits.size <= MOST_POINTS else "outliers"
    traces = [
        {
            "type": "box",
            "orientation": "h",
            "name": played.labels[number],
            "x": [rounded(value) for value in profits[:, number].tolist()],
            "boxpoints": shown,
            "boxmean": True,
            "jitter": 0.5,
            "pointpos": 0,
            "marker": {"color": HOLDERS[number % len(HOLDERS)], "size": 4, "opacity": 0.65},
            "line": {"width": 1.6},
            "hovertemplate": "%{x:.5g} ETH",
        }
        for number in order
    ]
    rows = (
        [seed, label, value]
        for seed, values in zip(played.seeds, profits.tolist(), strict=True)
        for label, value in zip(played.labels, values, strict=True)
    )
    numbers = csv_text(["seed", "entrant", "payoff_eth"], rows)
    return Figure("payoffs", "Payoffs, seed by seed", SPREAD, traces, rows_layout(len(order)), csv=numbers)


def rows_layout(rows: int) -> Layout:
    """A row for each entrant, the first on top."""
    names = {"type": "category", "autorange": "reversed", "automargin": True, "showgrid": False}
    return {
        "height": TOP + ROW * rows + 24 + BOTTOM,
        "showlegend": False,
        "xaxis": {**titled(UNIT), "showgrid": True},
        "yaxis": names,
    }


def colour_of(played: Tournament, label: str) -> str:
    """An entrant's own colour, the same in every figure."""
    return HOLDERS[played.labels.index(label) % len(HOLDERS)]
