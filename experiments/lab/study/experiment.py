"""Experiments: a question, what is run to answer it, and an answer of numbers and figures.

Every module on top of the package `experiments` is one. Its docstring begins with the question; it has a function
`answer(settings, …) -> Answer` and says `experiment = Experiment(__file__, __doc__, answer)`. Parameters of
`answer` after the first become options of its own command.
"""

from __future__ import annotations

import inspect
import json
import pkgutil
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, get_type_hints

import experiments
from experiments.lab.study.answer import Answer
from experiments.lab.study.command import run_command


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
        run_command(self.name, self.question, self.answer, self.options)


def all_experiments() -> list[Experiment]:
    """Every experiment of the project, by name."""
    modules = [info.name for info in pkgutil.iter_modules(experiments.__path__) if not info.ispkg]
    return [import_module(f"experiments.{name}").experiment for name in sorted(modules)]


def expected(name: str) -> list[dict[str, Any]]:
    """The committed results of an experiment: for each case its options, tolerance and values."""
    path = Path(experiments.__path__[0]) / "expected" / f"{name}.json"
    cases: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return cases
