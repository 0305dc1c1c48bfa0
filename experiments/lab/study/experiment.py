"""Experiments: a question, what is run to answer it, and an answer of numbers and figures.

Every module on top of the package `experiments` is one. Its docstring begins with the question; it has a function
`answer(settings, …) -> Answer` and says `experiment = Experiment(__file__, __doc__, answer)`. Parameters of
`answer` after the first become options of its own command.
"""

from __future__ import annotations

import inspect
import json
import warnings
from collections.abc import Callable, Iterable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_type_hints

import typer

import experiments
from chain.near_names import near
from chain.wording import shown
from experiments.lab.config.errors import InputError
from experiments.lab.config.extras import check_extra
from experiments.lab.config.told_calls import refuse_attribute, tells_arguments, tells_making
from experiments.lab.processes.told_once import each_once
from experiments.lab.study.answer import Answer, answered, finite
from experiments.lab.study.command import command_line, shared_options
from experiments.lab.study.kept_answers import KeptAnswers
from experiments.lab.terminal.completion import experiment_names
from experiments.lab.terminal.ending import guarded
from experiments.lab.terminal.notebook_bar import is_notebook

if TYPE_CHECKING:
    from experiments.lab.study.settings import Settings


@tells_making
class Experiment:
    """One question. `answer` takes `Settings` and the experiment's own options, `least` these options: it says how
    many blocks (auctions, tickets) an answer needs; a number where the options do not matter."""

    def __init__(
        self, file: str, text: str | None, answer: Callable[..., Answer], least: int | Callable[..., int] = 1
    ) -> None:
        if is_python(text) and not is_python(file):
            raise InputError(f"Experiment: the file is {shown(file)}; write {LINE}")
        self.file = Path(file).absolute()
        self._imported = content_of(self.file)
        self.name = self.file.stem
        self.question = " ".join((text or "").partition("\n\n")[0].split())
        self._answer = answer
        self._least = least

    if not TYPE_CHECKING:  # a checker is to see a misspelt name
        __getattr__ = refuse_attribute

    def __repr__(self) -> str:
        return f"Experiment({self.name}: {self.question})"

    @tells_arguments
    @each_once()
    def answer(self, settings: Settings, **options: Any) -> Answer:
        """What is found, in numbers that are some. Raises `InputError`, for too few blocks before it starts."""
        self.refuse_unknown(options)
        self.check(settings, **options)
        self._warn_if_changed()
        return finite(answered(self.file, self._answer(self._at_home(settings), **options)))

    def _warn_if_changed(self) -> None:
        """A notebook that has written the file anew still has what it imported before."""
        if content_of(self.file) not in (None, self._imported):
            warnings.warn(
                f"{self.file.name} was changed since it was imported, and is not read again: call "
                f"importlib.reload({self.name}) and import from it once more",
                stacklevel=5,
            )

    def _at_home(self, settings: Settings) -> Settings:
        """The settings with the folder of the file, if it is the user's own and they name none."""
        if self.is_of_the_project or settings.folder is not None:
            return settings
        return replace(settings, folder=self.file.parent)

    def least_blocks(self, **options: Any) -> int:
        """How many blocks, auctions or tickets an answer needs with these options."""
        if isinstance(self._least, int):
            return self._least
        return self._least(**options)

    def check(self, settings: Settings, **options: Any) -> None:
        """Raises `InputError` where there are too few blocks for an answer, or nothing to draw it with."""
        if self.draws:
            check_extra(f"the experiment {self.name} draws and", "matplotlib", "figures")
        given, least = settings.given_blocks, self.least_blocks(**options)
        if given is not None and given < least:
            raise InputError(
                f"--blocks {given}: {self.name} needs at least {least} for an answer with these options; "
                f"set --blocks {least} or more, or leave it out"
            )

    @property
    def kept(self) -> KeptAnswers | None:
        """What is expected of it, beside its file, where it is the user's own; those of the project are held by
        tests."""
        return None if self.is_of_the_project else KeptAnswers(self.file)

    @property
    def draws(self) -> bool:
        """Whether it came with the project, as all of that do, or its file knows what makes axes."""
        return self.is_of_the_project or "axes" in self._answer.__globals__

    @property
    def is_of_the_project(self) -> bool:
        """Whether its file came with the package."""
        return self.file.parent == Path(experiments.__path__[0])

    def differences(self) -> list[str]:
        """What is kept beside the file of one's own, answered once more: a line for each value, and each run, that
        is another now. Nothing where nothing is kept, with a warning."""
        kept = self.kept
        if kept is None:
            return []
        if not kept.cases():
            warnings.warn(f"nothing is kept in {kept.folder.name} yet: --golden keeps an answer", stacklevel=2)
        return list(kept.answered_anew(self))

    @property
    def options(self) -> list[inspect.Parameter]:
        """The experiment's own options, as parameters with their annotations resolved."""
        hints = get_type_hints(self._answer, include_extras=True)
        self._refuse_bare()
        return [
            parameter.replace(
                annotation=hints.get(parameter.name) or self._kind_of(parameter),
                kind=inspect.Parameter.KEYWORD_ONLY,
            )
            for parameter in self.parameters()[1:]
        ]

    def _refuse_bare(self) -> None:
        """Raises `InputError` for an option that cannot be left out, or is one that every experiment has."""
        for option in self.parameters()[1:]:
            if option.name in shared_options():
                raise InputError(
                    f"{self.file.name}: the option {option.name} is one that every experiment has; the settings "
                    "know it: name yours otherwise"
                )
            if isinstance(option.default, tuple):
                raise InputError(
                    f"{self.file.name}: the option {option.name} is a tuple, which no command takes; write "
                    f"{option.name}: list[{type((*option.default, 1)[0]).__name__}] = {list(option.default)}"
                )
            if option.default is option.empty:
                written = str(option).replace("'", "")
                raise InputError(
                    f"{self.file.name}: the option {written} has no default; write {written} = 1, say"
                )

    def parameters(self) -> list[inspect.Parameter]:
        """What `answer` takes. Raises `InputError` where that is nothing."""
        found = list(inspect.signature(self._answer).parameters.values())
        if not found:
            raise InputError(f"{self.file.name}: answer takes no settings; write def answer(settings)")
        first = found[0]
        if first.default is not first.empty:
            written = ", ".join(map(str, ["settings", *found])).replace("'", "")
            raise InputError(
                f"{self.file.name}: answer begins with its option {first.name}; the settings come first: write "
                f"def answer({written})"
            )
        return found

    def refuse_unknown(self, options: Iterable[str]) -> None:
        """Raises `InputError` for an option that the answer does not take."""
        known = [one.name for one in self.parameters()[1:]]
        for name in options:
            if name not in known:
                there = f"there are {', '.join(known)}" if known else "it has none"
                raise InputError(f"{self.file.name}: answer has no option {name}{near(name, known)}; {there}")

    def _kind_of(self, option: inspect.Parameter) -> type:
        """Of an option without an annotation that of its default. Raises `InputError` where there is none."""
        if isinstance(option.default, (bool, int, float, str)):
            return type(option.default)
        raise InputError(f"{self.file.name}: the option {option.name} has no type; write {option.name}: int = 1")

    def main(self) -> None:
        """The experiment as a command of its own. Raises `InputError` in a notebook, which has no command line."""
        if is_notebook():
            raise InputError(
                f"a notebook has no options for {self.name}; there experiment.answer(Settings()) answers it, and "
                "experiment.differences() holds it to what is kept"
            )
        guarded(self.command_line())

    def command_line(self) -> typer.Typer:
        """The same, to be called with arguments."""
        return command_line(self)


LINE = "experiment = Experiment(__file__, __doc__, answer)"


def is_python(name: str | None) -> bool:
    """Whether this is the name of a file with code."""
    return name is not None and name.endswith(".py")


def content_of(file: Path) -> bytes | None:
    """What is in a file; None where there is none."""
    try:
        return file.read_bytes()
    except OSError:
        return None


def all_experiments() -> list[Experiment]:
    """Every experiment of the project, by name."""
    return [import_module(f"experiments.{name}").experiment for name in experiment_names()]


def expected(name: str) -> list[dict[str, Any]]:
    """The committed results of an experiment: for each case its options, tolerance and values."""
    path = Path(experiments.__path__[0]) / "expected" / f"{name}.json"
    cases: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return cases
