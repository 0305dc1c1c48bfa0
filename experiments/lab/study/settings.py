"""How an experiment is to be run: the options that all experiments have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chain.home import expanded
from experiments.lab.config.errors import InputError
from experiments.lab.config.told_calls import refuse_attribute, tells_arguments, tells_making
from experiments.lab.played.results import Comparison, Result, summed_up
from experiments.lab.played.runs import run
from experiments.lab.played.structures_at_once import Progress
from experiments.lab.runs.own_failures import FailedRun, own_failures, warn_of_failures
from experiments.lab.study.cases_at_once import Found, Given, each_case
from experiments.lab.sweep.grid import Grid, checked_seeds
from strategies.finding import locate

if TYPE_CHECKING:
    from experiments.lab.models.game.outcome import GameOutcome
    from experiments.lab.models.model.spec import Model
    from experiments.lab.sweep import Sweep


@tells_making
@dataclass(frozen=True)
class Settings:
    """How an experiment is to be run. Overrides, seed and blocks change the configs that it runs.

    `jobs`: how many of its runs go on at a time, in processes of their own; None: by the cores that there are.
    `folder`: where the files lie that its configs and models name, such as `bots.py` of `"bots.py:Mine"`; an
    experiment of one's own has its own folder there. What is not there is looked for from where one is.
    """

    blocks: int | None = None
    seed: int | None = None
    overrides: tuple[str, ...] = ()
    signatures: str = "off"
    strict: bool = False
    jobs: int | None = 1
    out: Path | None = None
    progress: Progress | None = field(default=None, compare=False)
    folder: Path | None = None

    if not TYPE_CHECKING:  # a checker is to see a misspelt name
        __getattr__ = refuse_attribute

    def __post_init__(self) -> None:
        for name in ("out", "folder"):
            place = getattr(self, name)
            object.__setattr__(self, name, None if place is None else expanded(place))

    @property
    def given_blocks(self) -> int | None:
        """How many blocks were asked for, by `blocks` or by an override; None where the experiment says."""
        from experiments.lab.config.overrides import apply

        changed: dict[str, Any] = {"blocks": self.blocks}
        for override in self.overrides:
            if override.partition("=")[0].strip() == "blocks":
                apply(changed, override)
        given = changed["blocks"]
        return given if isinstance(given, int) else None

    @tells_arguments
    def run(self, name: str, config: Mapping[str, Any]) -> Result | Comparison:
        """Run a config. Its folder is `runs/NAME` in that of the experiment; a temporary one where it has none.

        Raises `KeyboardInterrupt` where the user stopped it.
        """
        result = run(
            config,
            overrides=[*self._short(), *self.overrides],
            out=self.out and self.out / "runs" / name,
            signatures=self.signatures,
            strict=self.strict,
            progress=self.progress,
            jobs=self.jobs,
            folder=self.folder,
        )
        if not result.finished:
            raise KeyboardInterrupt
        warn_of_failures(failed_structures(name, result), stacklevel=3)
        return result

    def each(self, work: Callable[[Settings, Given], Found], cases: Iterable[Given]) -> list[Found]:
        """What `work(settings, case)` finds in each case, in their order. `jobs` are played at a time, each in a
        process of its own, from which it comes as a pickle."""
        return each_case(self, work, cases)

    def rows(self, work: Callable[[Settings, Given], Iterable[Found]], cases: Iterable[Given]) -> list[Found]:
        """The same where each case gives several rows: all of them, in one list."""
        return [row for rows in self.each(lambda own, case: list(work(own, case)), cases) for row in rows]

    @tells_arguments
    def sweep(
        self,
        name: str,
        config: Mapping[str, Any] | Path,
        grid: Grid,
        seeds: Iterable[int],
        *,
        keep_tables: bool = False,
    ) -> Sweep:
        """Sweep a config, or a file with one, over a grid; `seed`, where it is set, is added to all of `seeds`.
        `keep_tables` is for what is read from tables, such as `expected_profits`.

        Raises `InputError` where a run failed: an answer would be of the others alone; where the settings are
        strict, the first violation.
        """
        from experiments.lab.sweep import sweep

        added = [seed + (self.seed or 0) for seed in checked_seeds(seeds)]
        found = sweep(
            self._found(config),
            grid,
            added,
            overrides=[*([] if self.blocks is None else [f"blocks={self.blocks}"]), *self.overrides],
            jobs=self.jobs,
            out=self.out and self.out / "runs" / name,
            signatures=self.signatures,
            keep_tables=keep_tables,
            folder=self.folder,
            strict=self.strict,
        ).of_seeds(added)
        refuse_failed(name, found)
        return found

    def without_overrides(self) -> Settings:
        """The same for a part of an experiment whose configs the overrides do not speak of."""
        return replace(self, overrides=())

    def with_own_seeds(self) -> Settings:
        """The same for an experiment whose configs name seeds of their own."""
        return replace(self, seed=None)

    @tells_arguments
    def model(self, data: Mapping[str, Any]) -> Model:
        """A checked model (see `et-testbed solve`), overrides applied. Raises `InputError`."""
        from experiments.lab.config.loading import as_data
        from experiments.lab.config.overrides import apply
        from experiments.lab.models.model.model_file import read_ticket_model

        changed = as_data(data)
        for override in self.overrides:
            apply(changed, override)
        return read_ticket_model(changed, self.folder)

    @tells_arguments
    def simulate(
        self, data: Mapping[str, Any], tickets: int, sale_blocks: Sequence[int] | None = None
    ) -> GameOutcome:
        """Play a model's game with `tickets` tickets a sale block, or as many as `blocks` says: one a block. Its
        agents are of the project, and whether the settings are strict or not the first violation is raised."""
        from experiments.lab.models.game.simulation import simulate

        seed = 7 if self.seed is None else self.seed
        return simulate(self.model(data), self.blocks or tickets, sale_blocks, seed, self.signatures)

    def _found(self, config: Mapping[str, Any] | Path) -> Mapping[str, Any] | Path:
        """A config's file as it is found from the experiment's folder; a dict as it is."""
        return config if isinstance(config, Mapping) else locate(str(config), self.folder or Path())

    def _short(self) -> list[str]:
        given = (("blocks", self.blocks), ("seed", self.seed))
        return [f"{key}={value}" for key, value in given if value is not None]


def failed_structures(name: str, result: Result | Comparison) -> list[FailedRun]:
    """What went wrong with the user's own strategies in each structure of a run."""
    folders = summed_up(result)
    names = [f"{name}, {folder.summary['structure']}" if len(folders) > 1 else f"run {name}" for folder in folders]
    return [FailedRun(one, one, own_failures(*folder)) for one, folder in zip(names, folders, strict=True)]


def refuse_failed(name: str, found: Sweep) -> None:
    """Raises `InputError` where runs of a sweep failed, with the first one's place and reason."""
    failed = found.failed
    if failed.empty:
        return
    first = failed.iloc[0]
    place = ", ".join(f"{key}={first[key]}" for key in [*found.grid, "seed"])
    why = first["error"].strip().splitlines()[-1]
    raise InputError(f"{name}: {len(failed)} of {len(found.runs)} runs failed, the first at {place}: {why}")
