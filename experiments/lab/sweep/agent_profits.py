"""What each agent earned in each run of a sweep, read from the folders of the runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from experiments.lab.config.errors import InputError
from experiments.lab.runs.expected_profits import Profits, expected_profits
from experiments.lab.runs.folder import TABLES, read_manifest
from experiments.lab.runs.stored_summary import read_summary


def profit_frame(
    runs: pd.DataFrame, keys: Sequence[str], folder: Path, read: Callable[[Path], Profits], column: str
) -> pd.DataFrame:
    """A row for each of `runs` and agent, with what `read` takes from the folder of a run; its index is the `keys`
    of the grid, `seed` and `agent`. Raises `InputError`."""
    parts = {
        key: pd.Series(read(folder / f"point={point}" / f"seed={seed}"), dtype=float)
        for key, point, seed in zip(index_of(runs, keys), runs["point"], runs["seed"], strict=True)
    }
    names = [*keys, "seed", "agent"]
    if not parts:
        return pd.DataFrame({column: []}, index=pd.MultiIndex.from_arrays([[]] * len(names), names=names))
    return pd.concat(list(parts.values()), keys=list(parts), names=names).to_frame(column)


def index_of(runs: pd.DataFrame, keys: Sequence[str]) -> list[tuple[object, ...]]:
    """The values of the grid and the seed of each run."""
    return list(runs[[*keys, "seed"]].itertuples(index=False, name=None))


def earned(run: Path) -> Profits:
    """What each agent of a run earned, ETH. Raises `InputError`."""
    profits: Profits = read_summary(run, read_manifest(run))["profit_eth"]
    return profits


def expected_to_earn(run: Path) -> Profits:
    """The same without luck; NaN where that cannot be told. Raises `InputError`."""
    if not (run / TABLES).is_dir():
        raise InputError(
            f"{run}: expected profits are taken of tables, and these were not kept; sweep with keep_tables=True"
        )
    return expected_profits({"run": run}, {"run": earned(run)})["run"]
