"""Where the page about a sweep takes its facts from: the sweep's manifest, points, differences and failures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from experiments.lab.config.errors import InputError
from experiments.lab.metrics.registry import screen_scale
from experiments.lab.report.sweep.shown_figures import Measured, finite
from experiments.lab.report.table import plain
from experiments.lab.runs.folder import RUNS, check_taken_together, read_json, read_manifest
from experiments.lab.runs.stored_summary import check_words

SUMMARY = "summary.json"
DIFFERENCES = "differences.json"


IN_ITS_UNIT = {"mean", "sd", "se", "median", "low", "high", "median_low", "median_high"}
"""The statistics that are in the metric's own unit: shares are shown in percent."""


class MeasuredPoint(NamedTuple):
    """One point of the grid, or the paired differences between it and the `baseline`."""

    parameters: Mapping[str, Any]
    runs: int
    metrics: Mapping[str, Measured]
    baseline: Mapping[str, Any] | None = None

    def value(self, metric: str, statistic: str) -> float | None:
        """A statistic of a metric, as it is shown; None where there is none."""
        return finite(self.found(metric).get(statistic))

    def found(self, metric: str) -> Measured:
        """All that is known of a metric, as it is shown."""
        found, scale = self.metrics.get(metric, {}), screen_scale(metric)
        return {name: scaled(own, scale) if name in IN_ITS_UNIT else own for name, own in found.items()}


def scaled(value: object, scale: float) -> object:
    """A number in the unit in which it is shown; all else as it is."""
    return scale * value if isinstance(value, int | float) else value


class Failure(NamedTuple):
    """A run that ended by an error. `error` may be a whole traceback."""

    parameters: Mapping[str, Any]
    seed: int
    error: str


class Single(NamedTuple):
    """A metric of one run, as it is shown."""

    point: MeasuredPoint
    seed: int
    value: float


@dataclass(frozen=True, slots=True)
class SweepFolder:
    """A sweep's folder, as far as the page needs it."""

    manifest: Mapping[str, Any]
    points: Sequence[MeasuredPoint]
    differences: Sequence[MeasuredPoint]
    runs: pa.Table

    @property
    def done(self) -> int:
        """The runs that came to an end, failures among them."""
        return int(self.runs.num_rows)

    @property
    def failures(self) -> list[Failure]:
        """The runs with an error, in order."""
        failed = self.runs.filter(pc.is_valid(self.runs.column("error"))).select(["point", "seed", "error"])
        return [
            Failure(self.points[run["point"]].parameters, run["seed"], run["error"]) for run in failed.to_pylist()
        ]

    def singles(self, metric: str) -> list[Single]:
        """The single runs that have a metric."""
        if metric not in self.runs.column_names:
            return []
        columns = (self.runs.column(name).to_pylist() for name in ("point", "seed", metric))
        scale = screen_scale(metric)
        return [
            Single(self.points[point], seed, scale * value)
            for point, seed, value in zip(*columns, strict=True)
            if value is not None and math.isfinite(value)
        ]

    @property
    def grid(self) -> Mapping[str, Sequence[Any]]:
        """The values of each key that was swept."""
        return dict(self.manifest.get("grid", {}))

    @property
    def seeds(self) -> Sequence[int]:
        """The seeds of every point."""
        return list(self.manifest.get("seeds", ()))

    @property
    def wanted(self) -> int:
        """The runs of the whole grid."""
        return math.prod(map(len, self.grid.values())) * len(self.seeds)


def read_sweep(folder: Path) -> SweepFolder:
    """Read a sweep's folder. Raises `InputError`."""
    manifest = read_manifest(folder)
    check_taken_together(folder)
    if not (folder / SUMMARY).is_file():
        raise InputError(
            f"{folder}: the sweep was ended before its points were taken together; give the same command again "
            "and it goes on"
        )
    differences: list[MeasuredPoint] = []
    if (folder / DIFFERENCES).is_file():
        differences = read_points(folder / DIFFERENCES)
    runs = read_runs(folder / RUNS)
    check_words(folder, runs.column_names)
    return SweepFolder(manifest, read_points(folder / SUMMARY), differences, runs)


def read_points(file: Path) -> list[MeasuredPoint]:
    """A list of points, or of differences. Raises `InputError`."""
    try:
        return [
            MeasuredPoint(own["parameters"], own["runs"], own["metrics"], own.get("baseline"))
            for own in read_json(file)
        ]
    except (TypeError, KeyError, AttributeError):
        raise InputError(f"{file}: is not a list of the points of a sweep") from None


def read_runs(file: Path) -> pa.Table:
    """A row for each point and seed. Raises `InputError`."""
    try:
        return pq.read_table(file)
    except (OSError, pa.ArrowInvalid) as error:
        raise InputError(f"{file}: cannot be read: {error}") from None


def is_numeric(values: Sequence[Any]) -> bool:
    """Whether a key's values can be laid out on an axis of numbers."""
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def described(parameters: Mapping[str, Any]) -> str:
    """Parameters in one line."""
    return ", ".join(f"{key} = {plain(value)}" for key, value in parameters.items()) or "the config as it is"
