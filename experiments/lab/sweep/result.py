"""What a sweep gives back, and its folder.

SWEEP/manifest.json       the config, the grid, the seeds, the versions
SWEEP/files/*             the user's own files that the config names
SWEEP/runs/point=P/seed=S/   the run of a point and a seed, with its tables
SWEEP/runs.parquet        a row for each run: parameters, seed, metrics
SWEEP/summary.json        a list of points with mean and median of each metric and their intervals
SWEEP/differences.json    the same of the paired differences to the first point
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from chain.home import expanded
from chain.whole_file import whole_file
from chain.wording import one_line
from experiments.lab.config.errors import InputError
from experiments.lab.config.told_calls import tells_arguments
from experiments.lab.metrics.old_names import check_name
from experiments.lab.metrics.told_keys import MetricFrame, ProfitFrame, ToldFrame
from experiments.lab.report.plotted import Plotted
from experiments.lab.runs.folder import RUNS, SUMMARY, SWEEP, check_taken_together, read_manifest, write_json
from experiments.lab.runs.kept_folder import Kept, KeptFolder
from experiments.lab.runs.stored_summary import check_words
from experiments.lab.statistics import Sampling, Statistics, describe
from experiments.lab.sweep.agent_profits import earned, expected_to_earn, profit_frame
from experiments.lab.sweep.grid import Grid, Point, listed_seeds, points
from experiments.lab.sweep.job import Row
from experiments.lab.sweep.tail_columns import NAMES, samplings, tail_columns

if TYPE_CHECKING:
    from experiments.lab.report.figure import Figure

DIFFERENCES = "differences.json"
TRADES = "trades_digest"
OWN = NAMES | {"point", "seed", "digest", TRADES, "error"}


class Sweep(Plotted, Kept):
    """The runs of a sweep.

    `runs` is a dataframe with a row per point and seed: `point`, a column for each key of the grid, `seed`, a
    column for each metric, the largest of its amounts (`tail_columns`), `digest`, `trades_digest`, that of the
    trades alone, and `error`, the traceback of a run that failed.
    """

    def __init__(self, grid: Grid, runs: pd.DataFrame, path: Path, keeper: KeptFolder | None = None) -> None:
        self.grid = grid
        self.runs = runs
        self.path = path
        self._keeper = keeper

    def __repr__(self) -> str:
        failed = f"{len(self.failed)} of them FAILED: see .failed, " if len(self.failed) else ""
        return f"Sweep({len(self.points())} points, {len(self.runs)} runs, {failed}{self.path})"

    def points(self) -> list[Point]:
        """The points of the grid."""
        return points(self.grid)

    @property
    def seeds(self) -> list[int]:
        """The seeds that any run has."""
        return sorted(self.runs["seed"].unique().tolist())

    @property
    def unfinished(self) -> list[int]:
        """The seeds that the sweep in its folder was once asked for, and of which not all runs are there."""
        done = self._finished().groupby("seed")["point"].nunique()
        points = self.runs["point"].nunique()
        failed = set(self.failed["seed"])
        asked = read_manifest(self.path)["seeds"]
        return [seed for seed in asked if seed not in failed and done.get(seed, 0) < points]

    def of_seeds(self, seeds: Iterable[int]) -> Sweep:
        """The runs of some of the seeds. Raises `InputError` for seeds of which there are no runs."""
        wanted = listed_seeds(seeds)
        there = sorted(map(int, self.runs["seed"].unique()))
        if gone := [seed for seed in wanted if seed not in there]:
            listed = ", ".join(map(str, there))
            raise InputError(f"seeds: no run is of seed {gone[0]}; there are {one_line(listed) or 'none'}")
        runs = self.runs[self.runs["seed"].isin(wanted)].reset_index(drop=True)
        return Sweep(self.grid, runs, self.path, self._keeper)

    @property
    def failed(self) -> pd.DataFrame:
        """The runs that failed, with their tracebacks."""
        return self.runs[self.runs["error"].notna()]

    @property
    def metrics(self) -> pd.DataFrame:
        """Every metric of every run: a row for each point and seed that was finished, a column for each metric."""
        return MetricFrame(self._finished().set_index([*self.grid, "seed"])[self.metric_names])

    @property
    def profits(self) -> pd.DataFrame:
        """What every agent earned in every run: a row for each point, seed and agent of a run that was finished, a
        column `profit_eth`. Raises `InputError`."""
        own = self.path / "runs"
        return ProfitFrame(profit_frame(self._finished(), list(self.grid), own, earned, "profit_eth"))

    @property
    def expected_profits(self) -> pd.DataFrame:
        """The same without luck, `expected_profit_eth`, each run taken alone; NaN where luck cannot be told.
        Raises `InputError` where the tables were not kept."""
        own = self.path / "runs"
        found = profit_frame(self._finished(), list(self.grid), own, expected_to_earn, "expected_profit_eth")
        return ProfitFrame(found)

    @property
    def metric_names(self) -> list[str]:
        """The names of the metrics that any run has."""
        names = [name for name in self.runs.columns if name not in OWN and name not in self.grid]
        return [name for name in names if self.runs[name].notna().any()]

    def summary(self) -> list[dict[str, Any]]:
        """For each point its parameters, the number of runs, and every metric's statistics (see `describe`)."""
        groups = dict(list(self._finished().groupby("point")))
        return [
            {
                "parameters": point.parameters,
                "runs": len(groups.get(point.number, ())),
                "metrics": self._of_runs(groups[point.number]) if point.number in groups else {},
            }
            for point in self.points()
        ]

    def table(self, *metrics: str) -> pd.DataFrame:
        """The summary as a dataframe: a row for each point and metric. Raises `InputError` for a name of none."""
        return self._frame("table", self.summary(), metrics)

    @property
    def first_finished(self) -> int:
        """The first point that has a run; 0 where none has."""
        return int(self._finished()["point"].min()) if len(self._finished()) else 0

    def differences(self, *metrics: str, baseline: int | None = None) -> pd.DataFrame:
        """What every other point has more than the point `baseline`, paired by seed: a row for each point and
        metric; the column `less` tells what was taken away, such as "chain.supply = 8". Left out, it is the first
        point that has a run. Raises `InputError` for a name of none."""
        return self._frame("differences", self.difference_summary(baseline), metrics)

    def _frame(self, what: str, points: list[dict[str, Any]], metrics: tuple[str, ...]) -> pd.DataFrame:
        for name in metrics:
            check_name(name, what, self.metric_names)
        if len(self.failed):
            told = f"{len(self.failed)} of {len(self.runs)} runs failed and are left out; .failed has their errors"
            warnings.warn(told, stacklevel=3)
        rows = [
            {**point["parameters"], **less(point), "runs": point["runs"], "metric": name, **point["metrics"][name]}
            for point in points
            for name in metrics or tuple(self.metric_names)
            if name in point["metrics"]
        ]
        return ToldFrame(rows)

    def __str__(self) -> str:
        """What the command prints."""
        from experiments.lab.sweep.sweep_text import sweep_text

        return sweep_text(self)

    def _repr_html_(self) -> str:
        """In a notebook: what it is, the main metrics by point, what differs, and how one goes on."""
        from experiments.lab.sweep.sweep_text import sweep_html

        return sweep_html(self)

    def drawings(self) -> Iterable[Figure]:
        """A figure for each metric, by its name; the most wanted first. Raises `InputError`."""
        from experiments.lab.report.sweep.sweep_figures import figures_of_metrics

        return figures_of_metrics(self.path)

    def difference_summary(self, baseline: int | None = None) -> list[dict[str, Any]]:
        """The same as plain data: for each point its parameters, and every metric's statistics."""
        baseline = self.first_finished if baseline is None else baseline
        groups = {number: group.set_index("seed") for number, group in self._finished().groupby("point")}
        if baseline not in groups:
            return []
        base = groups[baseline]
        return [
            {
                "parameters": point.parameters,
                "baseline": self.points()[baseline].parameters,
                "runs": len(base.index.intersection(groups[point.number].index)),
                "metrics": self._of_pairs(groups[point.number], base),
            }
            for point in self.points()
            if point.number in groups and point.number != baseline
        ]

    def same_trades(self, baseline: int | None = None) -> list[bool]:
        """For each of `difference_summary`, whether the two points had the same trades on every seed that both
        have; of a sweep of an earlier version that is not known."""
        baseline = self.first_finished if baseline is None else baseline
        trades = self._finished().reindex(columns=["seed", "point", TRADES])
        trades = trades.pivot(index="seed", columns="point", values=TRADES)
        if baseline not in trades:
            return []
        return [self._are_same(trades[[baseline, other]]) for other in trades.columns if other != baseline]

    @staticmethod
    def _are_same(pairs: pd.DataFrame) -> bool:
        both = pairs.dropna()
        return len(both) > 0 and bool((both.iloc[:, 0] == both.iloc[:, 1]).all())

    def _finished(self) -> pd.DataFrame:
        return self.runs[self.runs["error"].isna()]

    def _of_runs(self, runs: pd.DataFrame) -> dict[str, Statistics]:
        return statistics(runs[self.metric_names], samplings(runs, self.metric_names))

    def _of_pairs(self, runs: pd.DataFrame, base: pd.DataFrame) -> dict[str, Statistics]:
        own, other = (samplings(each, self.metric_names) for each in (runs, base))
        pairs = {name: own[name].less(other[name]) for name in self.metric_names}
        return statistics(runs[self.metric_names] - base[self.metric_names], pairs)

    def save(self) -> None:
        """Write the tables of the sweep into its folder."""
        with whole_file(self.path / RUNS) as file:
            self.runs.to_parquet(file, index=False)
        write_json(self.path / SUMMARY, self.summary())
        write_json(self.path / DIFFERENCES, self.difference_summary())


def less(point: Mapping[str, Any]) -> dict[str, str]:
    """The point that was taken away from this one, in words; nothing where none was."""
    if "baseline" not in point:
        return {}
    return {"less": ", ".join(f"{key} = {value}" for key, value in point["baseline"].items())}


def statistics(values: pd.DataFrame, made_of: Mapping[str, Sampling]) -> dict[str, Statistics]:
    """Those of each column that has a value; `made_of` says what its values are made of."""
    samples = {name: values[name].dropna().to_numpy(float) for name in values}
    return {name: describe(sample, made_of[name]) for name, sample in samples.items() if len(sample)}


def tidy(grid: Grid, rows: Iterable[Row]) -> pd.DataFrame:
    """Rows as one dataframe, by point and seed."""
    parameters = [point.parameters for point in points(grid)]
    ordered = sorted(rows, key=lambda row: (row.point, row.seed))
    names = [name for name in dict.fromkeys(name for row in ordered for name in row.metrics) if name not in grid]
    columns: dict[str, Any] = {
        "point": [row.point for row in ordered],
        **{key: column([parameters[row.point][key] for row in ordered]) for key in grid},
        "seed": [row.seed for row in ordered],
        **{name: [number(row.metrics.get(name)) for row in ordered] for name in names},
        **tail_columns([row.largest for row in ordered]),
        "digest": [row.digest for row in ordered],
        TRADES: pd.array([row.trades for row in ordered], dtype="string"),
        "error": pd.array([row.error for row in ordered], dtype="string"),
    }
    return pd.DataFrame(columns)


def column(values: list[Any]) -> list[Any]:
    """Values of one key as one type: numbers or truth values where all are, else their text."""
    if all(isinstance(value, bool) for value in values):
        return values
    if all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values):
        return values
    return [value if isinstance(value, str) else json.dumps(value) for value in values]


def number(value: float | None) -> float:
    if value is None:
        return np.nan
    return float(value)


@tells_arguments
def load_sweep(path: Path | str) -> Sweep:
    """The sweep in a folder. Raises `InputError`."""
    path = expanded(path)
    about = read_manifest(path)
    if about.get("kind") != SWEEP:
        raise InputError(f"{path}: holds no sweep; `load` reads a single run")
    check_taken_together(path)
    runs = pd.read_parquet(path / RUNS)
    check_words(path, runs.columns)
    return Sweep(about["grid"], runs, path)
