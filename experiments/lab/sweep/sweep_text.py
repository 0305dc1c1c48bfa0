"""How a sweep looks on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.table import Table

from experiments.lab.metrics.old_names import check_name
from experiments.lab.metrics.registry import BY_NAME, screen_scale
from experiments.lab.statistics.statistics_text import INTERVALS, cell, reasons
from experiments.lab.sweep.result import Sweep

MAIN = ("capture", "capture_expected", "efficiency", "top_share", "hhi", "mean_price", "mean_secondary_price")


def point_table(sweep: Sweep, metrics: Sequence[str] = ()) -> Table:
    """A row for each point: mean and median of some metrics with their intervals; below, why some have none."""
    shown = metrics or [name for name in MAIN if name in sweep.metrics]
    summary = sweep.summary()
    found = {name: [point["metrics"].get(name, {}) for point in summary] for name in shown}
    table = Table(title=INTERVALS, caption="\n".join(reasons(found)), caption_justify="left")
    for key in [*sweep.grid, "runs"]:
        table.add_column(key)
    for name in shown:
        table.add_column(f"{name}\n{unit_of(name)}", justify="right", overflow="fold")
    for point in summary:
        cells = [cell(point["metrics"].get(name), screen_scale(name)) for name in shown]
        table.add_row(*map(str, point["parameters"].values()), str(point["runs"]), *cells)
    return table


def unit_of(name: str) -> str:
    """The unit in which a metric is shown; nothing for one of the user's own."""
    return BY_NAME[name].screen_unit if name in BY_NAME else ""


def check_metrics(names: Sequence[str]) -> None:
    """Raises `InputError` for a name that no metric has."""
    for name in names:
        check_name(name, f"--metric {name}")


def failures(sweep: Sweep) -> Iterator[str]:
    """What failed: for each point and each error of its own, the seeds, and the traceback."""
    for _, runs in sweep.failed.groupby(["point", "error"], sort=False):
        first = runs.iloc[0]
        parameters = ", ".join(f"{key}={first[key]}" for key in sweep.grid)
        seeds = ", ".join(map(str, runs["seed"]))
        yield f"failed: {parameters or 'the config'}, seed {seeds}: {first['error'].strip()}"
