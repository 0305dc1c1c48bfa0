"""Experiments: a question, what is run to answer it, and an answer of numbers and figures.

Every module on top of the package `experiments` is one. Its docstring begins with the question; it has a function
`answer(settings, …) -> Answer` and says `experiment = Experiment(__file__, __doc__, answer)`. Parameters of
`answer` after the first become options of its own command.
"""

from __future__ import annotations

import inspect
import json
import pkgutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, get_type_hints

import experiments
from experiments.lab.errors import InputError
from experiments.lab.folder import make_folder, write_json
from experiments.lab.results import Comparison, Result
from experiments.lab.runs import Progress, run
from experiments.lab.sweep.grid import Grid

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from experiments.lab.game.outcome import Outcome
    from experiments.lab.model.spec import Model
    from experiments.lab.sweep import Sweep

ANSWER = "answer.json"


@dataclass(frozen=True)
class Settings:
    """How an experiment is to be run. Overrides, seed and blocks change the configs that it runs."""

    blocks: int | None = None
    seed: int | None = None
    overrides: tuple[str, ...] = ()
    signatures: str = "off"
    strict: bool = False
    jobs: int = 1
    out: Path | None = None
    progress: Progress | None = field(default=None, compare=False)

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
        )
        if not result.finished:
            raise KeyboardInterrupt
        return result

    def sweep(self, name: str, config: Mapping[str, Any] | Path, grid: Grid, seeds: Iterable[int]) -> Sweep:
        """Sweep a config, or a file with one, over a grid; `seed`, where it is set, is added to all of `seeds`."""
        from experiments.lab.sweep import sweep

        return sweep(
            config,
            grid,
            [seed + (self.seed or 0) for seed in seeds],
            overrides=[*([] if self.blocks is None else [f"blocks={self.blocks}"]), *self.overrides],
            jobs=self.jobs,
            out=self.out and self.out / "runs" / name,
            signatures=self.signatures,
            keep_tables=False,
        )

    def without_overrides(self) -> Settings:
        """The same for a part of an experiment whose configs the overrides do not speak of."""
        return replace(self, overrides=())

    def with_own_seeds(self) -> Settings:
        """The same for an experiment whose configs name seeds of their own."""
        return replace(self, seed=None)

    def model(self, data: Mapping[str, Any]) -> Model:
        """A checked model (see `et-testbed solve`), overrides applied. Raises `InputError`."""
        from experiments.lab.loading import apply, as_data
        from experiments.lab.model.loading import read_model

        changed = as_data(data)
        for override in self.overrides:
            apply(changed, override)
        return read_model(changed)

    def simulate(self, data: Mapping[str, Any], tickets: int, sale_blocks: Sequence[int] | None = None) -> Outcome:
        """Play a model's game with `tickets` tickets a sale block, or as many as `blocks` says: one a block."""
        from experiments.lab.game.simulate import simulate

        seed = 7 if self.seed is None else self.seed
        return simulate(self.model(data), self.blocks or tickets, sale_blocks, seed, self.signatures)

    def _short(self) -> list[str]:
        given = (("blocks", self.blocks), ("seed", self.seed))
        return [f"{key}={value}" for key, value in given if value is not None]


class Answer(NamedTuple):
    """What an experiment found: a table to print, numbers by name, and figures by name."""

    table: pd.DataFrame
    values: dict[str, float]
    figures: dict[str, Figure]


class Experiment:
    """One question. `answer` takes `Settings` and the experiment's own options."""

    def __init__(self, file: str, text: str | None, answer: Callable[..., Answer]) -> None:
        self.name = Path(file).stem
        self.question = " ".join((text or "").partition("\n\n")[0].split())
        self.answer = answer

    @property
    def options(self) -> list[inspect.Parameter]:
        """The experiment's own options, as parameters with their annotations resolved."""
        hints = get_type_hints(self.answer, include_extras=True)
        parameters = list(inspect.signature(self.answer).parameters.values())[1:]
        return [
            parameter.replace(annotation=hints[parameter.name], kind=inspect.Parameter.KEYWORD_ONLY)
            for parameter in parameters
        ]

    def main(self) -> None:
        """The experiment as a command of its own."""
        from experiments.lab.commands.experiment import main

        main(self)


def all_experiments() -> list[Experiment]:
    """Every experiment of the project, by name."""
    modules = [info.name for info in pkgutil.iter_modules(experiments.__path__) if not info.ispkg]
    return [import_module(f"experiments.{name}").experiment for name in sorted(modules)]


def save(answer: Answer, out: Path) -> list[Path]:
    """Write an answer into its folder: `answer.json`, `table.csv`, `figures/*.svg`. Returns the paths."""
    make_folder(out / "figures")
    write_json(out / ANSWER, answer.values)
    answer.table.to_csv(out / "table.csv", index=False)
    return [out / ANSWER, out / "table.csv", *(draw(figure, out, name) for name, figure in answer.figures.items())]


def draw(figure: Figure, out: Path, name: str) -> Path:
    """Write a figure as SVG, the same bytes every time."""
    import matplotlib as mpl

    path = out / "figures" / f"{name}.svg"
    with mpl.rc_context({"svg.hashsalt": name, "svg.fonttype": "none"}):
        figure.savefig(path, metadata={"Date": None}, bbox_inches="tight")
    return path


def prepare(out: Path, force: bool) -> None:
    """An empty folder for an experiment. Raises `InputError` where something else lies there."""
    from experiments.lab.folder import clear

    make_folder(out)
    if any(out.iterdir()):
        if not (out / ANSWER).is_file() and [path.name for path in out.iterdir()] != ["runs"]:
            raise InputError(
                f"{out}: the folder is not empty and holds no experiment; name another one with --out"
            )
        if not force:
            raise InputError(
                f"{out}: holds an answer already, or runs for one; name another folder, or add --force"
            )
        clear(out)


def expected(name: str) -> list[dict[str, Any]]:
    """The committed results of an experiment: for each case its options, tolerance and values."""
    path = Path(experiments.__path__[0]) / "expected" / f"{name}.json"
    cases: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return cases
