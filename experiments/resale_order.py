"""Does it matter whether holders sell one after the other, or all at once?

In the model of Stichler (2025) holders auction their tickets one after the other, each time with what everyone has
by then; in the testbed's own session all auctions of a slot are open together, and a purse is spent once. Here the
published presets are played without resale and with it in both orders, on the same seeds. What resale changes is a
paired difference, beside what an independent program of the published model gives over other seeds.
"""

from __future__ import annotations

from math import hypot
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import pandas as pd
import typer

from experiments.lab.config.errors import InputError
from experiments.lab.metrics.registry import screen_scale
from experiments.lab.study import Answer, Experiment, Settings
from experiments.lab.sweep.grid import Grid

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PUBLISHED = Path(__file__).parent / "published"
SEEDS = {"second_price": 200, "first_price": 200, "amm": 100, "eip1559": 30}
FIRST = 31  # the seeds before it are those of the tables in docs/published.md
MOST_TICKETS = 1024
RUNS_OF_MANY = 30  # of the preset with so many tickets
CROSSED = 30  # seeds of the cases in which the reserve is not that of the order
ORDERS = ("at_once", "in_turn")
METRICS = ("capture_cash", "top_share")
LEVELS = ("mean_price", "capture_cash")
GROUPS = 3  # of agents, in every preset
KEYS = ["market.resale_order", "seed"]

Figures = dict[tuple[str, str, str], tuple[float, float]]

MEASURED: Figures = {
    ("second_price", "in_turn", "capture_cash"): (-0.670, 0.059),
    ("second_price", "in_turn", "top_share"): (-19.3, 1.2),
    ("second_price", "at_once", "capture_cash"): (-0.144, 0.033),
    ("second_price", "at_once", "top_share"): (-16.0, 1.0),
    ("first_price", "in_turn", "capture_cash"): (-0.716, 0.073),
    ("first_price", "at_once", "capture_cash"): (0.034, 0.049),
    ("amm", "in_turn", "capture_cash"): (-0.413, 0.085),
    ("amm", "at_once", "capture_cash"): (0.021, 0.042),
    ("eip1559", "in_turn", "capture_cash"): (5.35, 0.89),
    ("eip1559", "in_turn", "top_share"): (38.3, 2.1),
}
"""What a secondary market changes in an independent program, points: mean and standard error over other seeds."""


def answer(
    settings: Settings,
    preset: Annotated[list[str] | None, typer.Option(help="a preset's name; give it several times")] = None,
    seeds: Annotated[int | None, typer.Option(min=2, help="runs of each case; left out: 30 to 200")] = None,
) -> Answer:
    """The paired differences of all presets, the crossed cases, and the levels with many tickets."""
    names = checked(preset or [*SEEDS])
    rows = [row for name in names for row in rows_of(settings, name, seeds)]
    if "second_price" in names:
        rows += crossed(settings, seeds)
    table = pd.DataFrame(rows)
    if settings.blocks is not None:  # the program's runs have 1,000 blocks
        table = table.drop(columns="z")
    values = numbers(table)
    if "first_price" in names:
        values |= many_tickets(settings, seeds)
    return Answer(table, values, {"resale_order": draw(table)})


def checked(names: list[str]) -> list[str]:
    """Raises `InputError` for a preset that there is not."""
    for name in names:
        if name not in SEEDS:
            raise InputError(f"--preset {name}: not one of {', '.join(SEEDS)}")
    return names


def seeds_of(most: int, seeds: int | None) -> list[int]:
    """So many seeds, or fewer where fewer are wanted, or more."""
    return list(range(FIRST, FIRST + (most if seeds is None else seeds)))


def rows_of(settings: Settings, name: str, seeds: int | None) -> list[dict[str, Any]]:
    """What resale changes in one preset, in both orders."""
    wanted = seeds_of(SEEDS[name], seeds)
    without = without_resale(settings, name, wanted)
    resale: Grid = {"market.secondary": [True], "market.resale_order": list(ORDERS)}
    runs = played(settings, f"{name}-resale", name, resale, wanted).set_index(KEYS)
    return [row for order in ORDERS for row in compared(name, order, runs.loc[order] - without)]


def without_resale(settings: Settings, name: str, seeds: list[int]) -> pd.DataFrame:
    """The metrics of a preset by seed."""
    return played(settings, name, name, {"market.secondary": [False]}, seeds).set_index("seed")


def crossed(settings: Settings, seeds: int | None) -> list[dict[str, Any]]:
    """Second price with the reserve of the other order: sold in turn at one's value, at once at one's money."""
    wanted = seeds_of(CROSSED, seeds)
    without = without_resale(settings, "second_price", wanted)
    rows = []
    for order, reserve in (("in_turn", "value"), ("at_once", "money")):
        reserves = {f"agents.{group}.parameters.own_bid": [reserve] for group in range(GROUPS)}
        grid: Grid = {"market.secondary": [True], "market.resale_order": [order], **reserves}
        label = f"second_price-{order}-{reserve}"
        runs = played(settings, label, "second_price", grid, wanted).set_index("seed")
        rows += compared("second_price", f"{order}, own bid: {reserve}", runs - without)
    return rows


def many_tickets(settings: Settings, seeds: int | None) -> dict[str, float]:
    """Levels with 1,024 tickets that are given away at genesis, so that all are held: first price with resale."""
    grid: Grid = {
        "chain.supply": [MOST_TICKETS],
        "market.genesis.price_eth": [0.0],
        "market.secondary": [True],
        "market.resale_order": list(ORDERS),
    }
    runs = played(settings, "many", "first_price", grid, seeds_of(RUNS_OF_MANY, seeds), LEVELS)
    means = runs.groupby("market.resale_order")[list(LEVELS)].mean()
    return {f"many tickets.{order}.{name}": float(means.loc[order, name]) for order in ORDERS for name in LEVELS}


def played(
    settings: Settings,
    label: str,
    name: str,
    grid: Grid,
    seeds: list[int],
    metrics: tuple[str, ...] = METRICS,
) -> pd.DataFrame:
    """A preset with changes: the metrics of each run, its seed, and the order of resale where that is varied."""
    sweep = settings.sweep(label, PUBLISHED / f"{name}.toml", grid, seeds)
    keys = [key for key in KEYS if key in sweep.runs]
    runs = sweep.runs.reindex(columns=[*keys, *metrics])
    return runs.assign(**{metric: screen_scale(metric) * runs[metric] for metric in metrics})


def compared(name: str, order: str, differences: pd.DataFrame) -> list[dict[str, Any]]:
    """A row for each metric: mean and standard error of the differences, and how far from the program's."""
    rows = []
    for metric in METRICS:
        sample = differences[metric].dropna()
        mean, error = float(sample.mean()), float(sample.sem())
        other, spread = MEASURED.get((name, order, metric), (None, None))
        z = None if other is None or spread is None else (mean - other) / hypot(error, spread)
        rows.append(
            {
                "preset": name,
                "order": order,
                "metric": metric,
                "seeds": len(sample),
                "change": mean,
                "se": error,
                "measured": other,
                "measured_se": spread,
                "z": z,
            }
        )
    return rows


def numbers(table: pd.DataFrame) -> dict[str, float]:
    """Each change with its standard error."""
    return {
        f"{row['preset']}.{row['order']}.{row['metric']}.{column}": float(row[column])
        for row in table.to_dict("records")
        for column in ("change", "se")
    }


def draw(table: pd.DataFrame) -> Figure:
    """Changes with their standard errors, twice as wide; crosses are the independent program's."""
    from experiments.lab.study.plot import panels

    figure, places = panels(1, len(METRICS), "What resale changes, by the order in which holders sell")
    for place, metric in zip(places, METRICS, strict=True):
        rows = table[table["metric"] == metric].reset_index()
        place.errorbar(rows["change"], rows.index, xerr=2 * rows["se"], fmt="o", color="#0072B2", markersize=4)
        place.plot(rows["measured"].astype(float), rows.index, "x", color="black")
        labels = [f"{row.preset}, {row.order}" for row in rows.itertuples()]
        place.set_yticks(rows.index, labels if metric == METRICS[0] else [])
        place.invert_yaxis()
        place.axvline(0, color="black", linewidth=0.8)
        place.set_xlabel(f"change of {metric}, points")
    return figure


experiment = Experiment(__file__, __doc__, answer)
if __name__ == "__main__":
    experiment.main()
