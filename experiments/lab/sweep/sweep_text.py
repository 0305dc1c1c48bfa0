"""How a sweep looks on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.table import Table

from chain.near_names import near
from experiments.lab.config.errors import InputError
from experiments.lab.metrics import METRICS
from experiments.lab.statistics.statistics_text import INTERVALS, cell
from experiments.lab.sweep.result import Sweep

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


def reasons(sweep: Sweep, metrics: Sequence[str]) -> Iterator[str]:
    """For each metric of which a mean has no interval, or a rough one, why that is so at the first such point."""
    for name in metrics:
        found = [point["metrics"][name] for point in sweep.summary() if name in point["metrics"]]
        told = [own for own in found if own["reason"] and own["median_low"] is not None]
        for own in sorted(told, key=lambda own: own["rough"])[:1]:
            what = "rough" if own["rough"] else "no interval"
            yield f"{name}, {what}: {own['reason']}"


def failures(sweep: Sweep) -> Iterator[str]:
    """What failed: for each point and each error of its own, the seeds, and the traceback."""
    for _, runs in sweep.failed.groupby(["point", "error"], sort=False):
        first = runs.iloc[0]
        parameters = ", ".join(f"{key}={first[key]}" for key in sweep.grid)
        seeds = ", ".join(map(str, runs["seed"]))
        yield f"failed: {parameters or 'the config'}, seed {seeds}: {first['error'].strip()}"
