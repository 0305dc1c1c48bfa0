"""What a sweep is going to do: its jobs, and the points that make no sense."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from experiments.lab.assembly.assembly import checked_signatures
from experiments.lab.assembly.box import FILES, Box
from experiments.lab.assembly.every_fault import faults_of_own, named_in, telling_all, with_others
from experiments.lab.assembly.named_code import check_named_code
from experiments.lab.assembly.seats import make_seats
from experiments.lab.assembly.unasked_methods import UnaskedMethods
from experiments.lab.config.config import Config
from experiments.lab.config.errors import InputError
from experiments.lab.config.loading import as_data, make_config
from experiments.lab.config.overrides import apply
from experiments.lab.runs.folder import FORMAT, SWEEP, versions
from experiments.lab.sweep.alike import named, run_name
from experiments.lab.sweep.grid import Grid, Point, checked_axes, checked_seeds, points
from experiments.lab.sweep.idle_parameters import without_idle
from experiments.lab.sweep.job import Extra, Job, Row, read_row

STRUCTURE = "market.structure"


class NothingThere(InputError):
    """A point names code that is not there, which no other value of the grid mends."""


class Plan:
    """The points of a sweep with their configs, or with what is wrong with them.

    Raises `InputError` where no point makes sense, or one names code that is not there.
    """

    def __init__(
        self,
        config: Config | Mapping[str, Any] | Path | str | None,
        overrides: Iterable[str],
        grid: Grid,
        seeds: Iterable[int] | None,
        signatures: str,
        box: Box,
        folder: Path,
        strict: bool = False,
    ) -> None:
        self._strict = strict
        self._folder = folder
        self._source = str(config) if isinstance(config, (Path, str)) else "the config"
        self._box = box
        self._data = as_data(config)
        overrides = list(overrides)
        for override in overrides:
            apply(self._data, override)
        self.grid = self._axes(grid)
        self.signatures = checked_signatures(signatures)
        self.configs: dict[int, Config] = {}
        self.faults: dict[int, str] = {}
        self.left_out: dict[str, None] = {}
        self.unasked = UnaskedMethods()
        for point in points(self.grid):
            try:
                self.configs[point.number] = self._config(point)
            except NothingThere:
                raise
            except InputError as error:
                self.faults[point.number] = str(error)
        if not self.configs:
            wrong = named_in(config, [*overrides, *points(self.grid)[0].overrides])
            raise InputError(*with_others(self.faults[0].splitlines(), wrong))
        self.seeds = [next(iter(self.configs.values())).seed] if seeds is None else checked_seeds(seeds)
        if "seed" in self.grid:
            raise InputError("seed: is not swept as a key of the grid; name the seeds with --seeds 1..30")

    def manifest(self) -> dict[str, Any]:
        """What is swept. Two sweeps with equal manifests, but for the seeds, are one."""
        return {
            "format": FORMAT,
            "kind": SWEEP,
            "versions": versions(),
            "config": next(iter(self.configs.values())).model_dump(mode="json"),
            "grid": {key: list(values) for key, values in self.grid.items()},
            "seeds": self.seeds,
            "signatures": self.signatures,
            "files": self._box.digests(),
        }

    def jobs(self, path: Path, keeps_tables: bool, extra: Extra | None) -> list[Job]:
        """A job for each point that makes sense, with each seed."""
        return [
            Job(
                point=number,
                seed=seed,
                config=config.model_dump(mode="json") | {"seed": seed},
                files=(path / FILES).resolve(),
                place=(path / "runs" / f"point={number}" / f"seed={seed}").resolve(),
                signatures=self.signatures,
                keeps_tables=keeps_tables,
                extra=extra,
                strict=self._strict,
                name=run_name(self.grid, number, seed),
            )
            for number, config in self.configs.items()
            for seed in self.seeds
        ]

    def bad_rows(self, seeds: Iterable[int]) -> list[Row]:
        """The rows of the points that make no sense."""
        return [Row(number, seed, {}, None, why, {}) for number, why in self.faults.items() for seed in seeds]

    def warnings(self) -> list[str]:
        """Parameters that some points do not take; what is wrong with those that make no sense, a line for each
        fault and the points that have it."""
        by_fault: defaultdict[str, list[int]] = defaultdict(list)
        for number, why in self.faults.items():
            by_fault[why].append(number)
        named_faults = [(name, why) for why, at in by_fault.items() for name in named(at, self.grid)]
        return [*self.left_out, *(f"not played, {name}: {why}" for name, why in named_faults)]

    def earlier_rows(self, path: Path) -> list[Row]:
        """The finished runs of other seeds that the sweep in the folder holds."""
        places = (path / "runs" / f"point={number}" for number in self.configs)
        rows = (read_row(place) for point in places for place in sorted(point.glob("seed=*")))
        return [row for row in rows if row is not None and row.seed not in self.seeds]

    def _axes(self, grid: Grid) -> dict[str, list[Any]]:
        """The grid, with several market structures as one more key of it."""
        axes = checked_axes(grid)
        structure = self._data.get("market", {}).get("structure")
        if isinstance(structure, (list, tuple)) and STRUCTURE not in axes:
            axes[STRUCTURE] = list(structure)
        return axes

    def _config(self, point: Point) -> Config:
        data = as_data(self._data)
        for override in point.overrides:
            apply(data, override)
        self.left_out |= dict.fromkeys(without_idle(data, self.grid))
        config = make_config(data, self._source)
        if len(config.market.structures) > 1:
            raise InputError(
                f"{STRUCTURE}: a point of a sweep has one structure; write them as values of the grid"
            )
        try:
            with telling_all(config, self._folder):
                packed = self._box.pack(config)
                check_named_code(packed, self._box.place)
        except InputError as error:
            raise NothingThere(*error.args) from None
        seats = make_seats(packed, self._box.place)
        if faults := faults_of_own(packed, self._box.place):
            raise InputError(*faults)
        self.unasked.take(seats)
        return packed
