"""Every metric of a run that lies in a folder."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.lab.metrics.registry import METRICS, take_all
from experiments.lab.metrics.tables import Tables
from experiments.lab.runs.folder import TABLES, read_manifest
from experiments.lab.runs.known_rewards import read_rewards

if TYPE_CHECKING:
    import pandas as pd

MS = 1000  # in a second


def metrics_of_tables(tables: Path, censors: Collection[str], slot_ms: int) -> dict[str, float | None]:
    """By name; None where the run has nothing to take it of. Raises `InputError`."""
    return take_all(Tables(tables, censors, slot_ms, read_rewards(tables).expected))


def metrics_of_run(folder: Path) -> pd.Series:
    """The same of one structure's folder, with the length of its slots. Raises `InputError`."""
    import pandas as pd

    slot_ms = round(MS * read_manifest(folder)["config"]["chain"]["slot_seconds"])
    return pd.Series(metrics_of_tables(folder / TABLES, (), slot_ms), name="value", dtype=float)


def described(values: pd.DataFrame) -> pd.DataFrame:
    """A row for each metric, and beside its values its unit and what it is; shares are from 0 to 1."""
    values = values.rename_axis("metric")
    values["unit"] = [metric.unit for metric in METRICS]
    values["words"] = [metric.words for metric in METRICS]
    return values
