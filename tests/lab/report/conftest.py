"""What the tests of reports share: a sweep's folder made by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments.lab.statistics import Sampling, UpperTail, describe

FAILED = 'Traceback (most recent call last):\n  File "x.py", line 1, in <b>\nZeroDivisionError: division by zero'


class SweepFolder:
    """Writes the files of a sweep over made-up metrics: `value(metric, point, seed)`, None where there is none."""

    metrics = ("capture", "top_share", "hhi", "mean_price", "my_own", "gini", "efficiency", "reward", "spread")

    def __call__(
        self, folder: Path, grid: Mapping[str, Sequence[Any]], seeds: Sequence[int], failed: Any = ()
    ) -> Path:
        """`failed`: pairs of the number of a point and a seed."""
        self.points = [dict(zip(grid, values, strict=True)) for values in product(*grid.values())]
        self.done = {n: [seed for seed in seeds if (n, seed) not in failed] for n in range(len(self.points))}
        manifest = {"format": 1, "kind": "sweep", "versions": {"et-testbed": "0"}, "signatures": "off"}
        config = {"seed": 7, "blocks": 100, "chain": {"supply": 33}}
        folder.mkdir(parents=True)
        self._write(folder / "manifest.json", manifest | {"config": config, "grid": grid, "seeds": list(seeds)})
        self._write(folder / "summary.json", [self._point(n) for n in self.done])
        self._write(folder / "differences.json", [self._difference(n) for n in self.done if n])
        rows = [self._row(n, seed) for n in self.done for seed in seeds]
        schema = pa.schema([(key, pa.infer_type([rows[0][key]])) for key in (*grid, "point", "seed")])
        for name in self.metrics:
            schema = schema.append(pa.field(name, pa.float64()))
        pq.write_table(
            pa.Table.from_pylist(rows, schema.append(pa.field("error", pa.string()))), folder / "runs.parquet"
        )
        return folder

    def value(self, metric: str, point: int, seed: int) -> float | None:
        """A metric of one run; nothing has a spread, and `gini` is the same everywhere."""
        if metric in ("spread", "gini"):
            return None if metric == "spread" else 0.25
        return self.metrics.index(metric) + point + 0.25 * (seed % 3) + 0.125 * ((seed * point) % 2)

    def _row(self, point: int, seed: int) -> dict[str, Any]:
        is_done = seed in self.done[point]
        values = {name: self.value(name, point, seed) if is_done else None for name in self.metrics}
        error = {"error": None if is_done else FAILED}
        return {**self.points[point], "point": point, "seed": seed, **values, **error}

    def _point(self, point: int) -> dict[str, Any]:
        seeds = self.done[point]
        return self._taken(point, seeds, lambda name, seed: self.value(name, point, seed))

    def _difference(self, point: int) -> dict[str, Any]:
        seeds = [seed for seed in self.done[point] if seed in self.done[0]]

        def less(name: str, seed: int) -> float | None:
            own, first = self.value(name, point, seed), self.value(name, 0, seed)
            return None if own is None or first is None else own - first

        return self._taken(point, seeds, less) | {"baseline": self.points[0]}

    def _taken(self, point: int, seeds: Sequence[int], take: Any) -> dict[str, Any]:
        values = {name: [take(name, seed) for seed in seeds] for name in self.metrics}
        metrics = {
            name: statistics(name, [own for own in found if own is not None]) for name, found in values.items()
        }
        return {"parameters": self.points[point], "runs": len(seeds), "metrics": metrics}

    @staticmethod
    def _write(file: Path, data: Any) -> None:
        file.write_text(json.dumps(data))


def statistics(metric: str, values: Sequence[float]) -> Mapping[str, Any]:
    """What a sweep's summary says of a metric; nothing where it is not defined. That of `reward` has a heavy tail,
    `my_own` is one draw a run."""
    if not values:
        return {}
    tail = UpperTail(10_000, 100, 75.0) if metric == "reward" else UpperTail()
    terms = 0 if metric == "my_own" else 2_000
    return describe(np.array(values), Sampling(terms, tail))


@pytest.fixture
def sweep_folder() -> SweepFolder:
    """Makes the folder of a sweep: `sweep_folder(folder, grid, seeds, failed)`."""
    return SweepFolder()
