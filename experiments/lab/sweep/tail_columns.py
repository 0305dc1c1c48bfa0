"""The largest amounts of a run as columns of a sweep, `rewards_values` and `rewards_largest`, and so on.

They are how many there are, and the logarithms of the largest (`Largest`), by which all runs are judged together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from experiments.lab.metrics.made_of import REWARDS, SALES, sampling_of
from experiments.lab.statistics import ONE_DRAW, Largest, Sampling, pooled

COLUMNS = {name: (f"{name}_values", f"{name}_largest") for name in (REWARDS, *SALES)}
NAMES = frozenset(column for columns in COLUMNS.values() for column in columns)


def tail_columns(runs: Sequence[Mapping[str, Largest]]) -> dict[str, list[Any]]:
    """The columns of all runs; a run that failed has none, which counts as no values."""
    found: dict[str, list[Any]] = {}
    for name, (values, largest) in COLUMNS.items():
        kept = [Largest(*run.get(name, Largest())) for run in runs]
        found |= {values: [one.values for one in kept], largest: [np.array(one.logs, float) for one in kept]}
    return found


def samplings(runs: pd.DataFrame, metrics: Sequence[str]) -> dict[str, Sampling]:
    """What the metrics of some runs are made of."""
    if not set(runs.columns) >= NAMES:
        return dict.fromkeys(metrics, ONE_DRAW)
    tails = {name: pooled(rows_of(runs, columns)) for name, columns in COLUMNS.items()}
    return {metric: sampling_of(metric, tails, len(runs)) for metric in metrics}


def rows_of(runs: pd.DataFrame, columns: tuple[str, str]) -> Iterator[Largest]:
    """What each run kept, out of two columns."""
    return (Largest(*row) for row in runs[list(columns)].itertuples(index=False, name=None))
