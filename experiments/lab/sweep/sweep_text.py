"""How a sweep looks on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.table import Table

from chain.near_names import near
from experiments.lab.config.errors import InputError
from experiments.lab.metrics import METRICS
from experiments.lab.statistics import Statistics
from experiments.lab.sweep.result import Sweep

INTERVALS = "mean [its 95 % interval], median [its interval] and the level of that"

MAIN = ("mev_capture", "efficiency", "top_share", "hhi", "mean_price", "mean_secondary_price")


def point_table(sweep: Sweep, metrics: Sequence[str] = ()) -> Table:
    """A row for each point: mean and median of some metrics with their intervals; below, why some have none."""
    shown = metrics or [name for name in MAIN if name in sweep.metrics]
    units = {metric.name: metric.unit for metric in METRICS}
    table = Table(title=INTERVALS, caption="\n".join(reasons(sweep, shown)), caption_justify="left")
    for key in [*sweep.grid, "runs"]:
        table.add_column(key)
    for name in shown:
        table.add_column(f"{name}\n{units.get(name, '')}", justify="right", overflow="fold")
    for point in sweep.summary():
        cells = [cell(point["metrics"].get(name)) for name in shown]
        table.add_row(*map(str, point["parameters"].values()), str(point["runs"]), *cells)
    return table


def check_metrics(names: Sequence[str]) -> None:
    """Raises `InputError` for a name that no metric has."""
    known = [metric.name for metric in METRICS]
    for name in names:
        if name not in known:
            raise InputError(f"--metric {name}: there is no such metric{near(name, known)}; see docs/metrics.md")


def cell(statistics: Statistics | None) -> str:
    """A figure's mean and median with their intervals; a dash where there is none."""
    if statistics is None:
        return "–"
    return "\n".join(told(statistics))


def told(statistics: Statistics, scale: float = 1) -> list[str]:
    """Mean and median, each with its interval and what is to be known of that; `scale` is a unit's. The median is
    first where the mean has no interval; of a single run there is but one figure."""
    if statistics["median_low"] is None:
        return [short(scale * statistics["mean"])]
    mean = f"mean {short(scale * statistics['mean'])} {mean_ends(statistics, scale)}"
    median = f"median {short(scale * statistics['median'])} {median_ends(statistics, scale)}"
    if statistics["low"] is None:
        return [median, mean]
    return [mean, median]


def mean_ends(statistics: Statistics, scale: float) -> str:
    """The interval of the mean, and that it is rough or not there."""
    if statistics["low"] is None or statistics["high"] is None:
        return "(no interval)"
    ends = bracket(scale * statistics["low"], scale * statistics["high"])
    if statistics["rough"]:
        return f"{ends} rough"
    return ends


def median_ends(statistics: Statistics, scale: float) -> str:
    """The interval of the median, and its level."""
    low, high, level = statistics["median_low"], statistics["median_high"], statistics["median_level"]
    if low is None or high is None or level is None:
        return ""
    return f"{bracket(scale * low, scale * high)} {percent(level)}"


def percent(level: float) -> str:
    """`93.75 %`, `97.9 %`."""
    return f"{100 * level:.4g} %"


def bracket(low: float, high: float) -> str:
    """An interval."""
    return f"[{short(low)}, {short(high)}]"


def reasons(sweep: Sweep, metrics: Sequence[str]) -> Iterator[str]:
    """For each metric of which a mean has no interval, or a rough one, why that is so at the first such point."""
    for name in metrics:
        found = [point["metrics"][name] for point in sweep.summary() if name in point["metrics"]]
        told = [own for own in found if own["reason"] and own["median_low"] is not None]
        for own in sorted(told, key=lambda own: own["rough"])[:1]:
            what = "rough" if own["rough"] else "no interval"
            yield f"{name}, {what}: {own['reason']}"


def short(value: float | None) -> str:
    """A number to four digits."""
    if value is None:
        return "–"
    if abs(value) < 10_000:
        return f"{value:,.4g}"
    return f"{value:,.0f}"


def failures(sweep: Sweep) -> Iterator[str]:
    """What failed: for each point and each error of its own, the seeds, and the traceback."""
    for _, runs in sweep.failed.groupby(["point", "error"], sort=False):
        first = runs.iloc[0]
        parameters = ", ".join(f"{key}={first[key]}" for key in sweep.grid)
        seeds = ", ".join(map(str, runs["seed"]))
        yield f"failed: {parameters or 'the config'}, seed {seeds}: {first['error'].strip()}"
