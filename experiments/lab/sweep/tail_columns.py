"""How heavy the tails of a run's amounts are, as columns of a sweep: `rewards_values`, `rewards_kept`, …"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from experiments.lab.metrics.made_of import REWARDS, SALES, sampling_of
from experiments.lab.statistics import ONE_DRAW, Sampling, UpperTail, pooled

COLUMNS = {name: tuple(f"{name}_{field}" for field in UpperTail._fields) for name in (REWARDS, *SALES)}
NAMES = frozenset(column for columns in COLUMNS.values() for column in columns)


def tail_columns(tails: Sequence[Mapping[str, Sequence[float]]]) -> dict[str, list[float]]:
    """The columns of all runs, whose tails are given by name; a run that failed has none: zeros."""
    return {
        column: [tail.get(name, UpperTail())[place] for tail in tails]
        for name, columns in COLUMNS.items()
        for place, column in enumerate(columns)
    }


def samplings(runs: pd.DataFrame, metrics: Sequence[str]) -> dict[str, Sampling]:
    """What the metrics of some runs are made of."""
    if not set(runs.columns) >= NAMES:
        return dict.fromkeys(metrics, ONE_DRAW)
    tails = {name: pooled(rows_of(runs, columns)) for name, columns in COLUMNS.items()}
    return {metric: sampling_of(metric, tails, len(runs)) for metric in metrics}


def rows_of(runs: pd.DataFrame, columns: tuple[str, ...]) -> Iterator[UpperTail]:
    """The tails in three columns."""
    return (UpperTail(*row) for row in runs[list(columns)].itertuples(index=False, name=None))
