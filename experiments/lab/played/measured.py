"""`measure`: every metric of a run that is there."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from chain.home import expanded
from experiments.lab.config.told_calls import tells_arguments
from experiments.lab.metrics.old_names import Figures
from experiments.lab.played.results import Result
from experiments.lab.runs.folder import TABLES
from experiments.lab.runs.run_metrics import metrics_of_tables


@tells_arguments
def measure(
    run: Result | Path | str, censors: Collection[str] = (), slot_ms: int = 12_000
) -> dict[str, float | None]:
    """Every metric of one run, by name; None where the run has nothing to take it of.

    `run`: the run, its folder, or that of its tables. `censors`: the names of those who censor; without them their
    metrics are None. `slot_ms`: length of a slot, ms. Raises `InputError` where the tables cannot be read.
    """
    return Figures(metrics_of_tables(tables_of(run), censors, slot_ms))


def tables_of(run: Result | Path | str) -> Path:
    """The folder of a run's tables."""
    place = run.path if isinstance(run, Result) else expanded(run)
    return place / TABLES if (place / TABLES).is_dir() else place
