"""The figures of experiments, in one style: theory as lines, simulation as points with 95 % intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.lab.config.extras import check_extra

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9", "#999999")
"""Told apart by the colour blind (Okabe and Ito 2008)."""


def empty(size: tuple[float, float]) -> Figure:
    """A figure with nothing in it. Raises `InputError` where the extra that draws is not installed."""
    check_extra("a figure", "matplotlib", "figures")
    from experiments.lab.study.cell_figure import CellFigure

    return CellFigure(figsize=size, layout="constrained")


def axes(xlabel: str, ylabel: str, title: str = "", size: tuple[float, float] = (6.4, 4.0)) -> tuple[Figure, Axes]:
    """A figure with one pair of axes."""
    figure = empty(size)
    place = figure.add_subplot()
    place.set_xlabel(xlabel)
    place.set_ylabel(ylabel)
    place.set_title(title, loc="left", fontsize=11)
    dress(place)
    return figure, place


def panels(rows: int, columns: int, title: str = "") -> tuple[Figure, list[Axes]]:
    """A figure with several pairs of axes, row by row."""
    figure = empty((4.4 * columns, 2.9 * rows))
    figure.suptitle(title, x=0.01, ha="left", fontsize=11)
    places = list(figure.subplots(rows, columns, squeeze=False).flat)
    for place in places:
        dress(place)
    return figure, places


def dress(place: Axes) -> None:
    """Colours, spines and grid."""
    place.set_prop_cycle(color=COLOURS)
    place.spines[["top", "right"]].set_visible(False)
    place.grid(alpha=0.25, linewidth=0.6)
    place.set_axisbelow(True)


def lines_and_points(place: Axes, table: pd.DataFrame, x: str, label: str) -> None:
    """Theory as a line; simulation, where there is any, as points with 95 % intervals, in the line's colour.

    Columns: `x`, `theory`, and for the points `simulated` and `se`.
    """
    (line,) = place.plot(table[x], table["theory"], label=label, linewidth=1.4)
    if "simulated" in table:
        place.errorbar(
            table[x],
            table["simulated"],
            yerr=1.96 * table["se"],
            fmt="o",
            markersize=4,
            capsize=2.5,
            linewidth=1,
            color=line.get_color(),
        )


def stacked(table: pd.DataFrame, ylabel: str, title: str) -> Figure:
    """A bar for each row of the table, its columns stacked; what is below 0 hangs down."""
    figure, place = axes("", ylabel, title)
    stack(place, table)
    place.legend(frameon=False, ncols=2)
    return figure


def stack(place: Axes, table: pd.DataFrame) -> None:
    """The same among the axes of a figure."""
    up = [0.0] * len(table)
    down = [0.0] * len(table)
    names = [str(name) for name in table.index]
    for column in table.columns:
        values = table[column].to_numpy(float)
        bottoms = [up[i] if value >= 0 else down[i] for i, value in enumerate(values)]
        place.bar(names, values, bottom=bottoms, label=column, width=0.65)
        up = [top + max(value, 0) for top, value in zip(up, values, strict=True)]
        down = [low + min(value, 0) for low, value in zip(down, values, strict=True)]
    place.axhline(0, color="black", linewidth=0.8)
