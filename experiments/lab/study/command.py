"""Every experiment is a command of its own: `python -m experiments.NAME`."""

from __future__ import annotations

import json
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Any, Protocol, get_type_hints

import typer

from experiments.lab.played.expected_runs import EXPECTED
from experiments.lab.study.answer import Answer, save
from experiments.lab.study.answer_folder import prepared
from experiments.lab.study.answer_text import sheet_of
from experiments.lab.study.kept_answers import KeptAnswers
from experiments.lab.study.settings import Settings
from experiments.lab.terminal.ending import FAILED, interruptible, tell
from experiments.lab.terminal.interruptible import Interruptible
from experiments.lab.terminal.options import (
    AsJson,
    Blocks,
    Force,
    Golden,
    Out,
    Overrides,
    Quiet,
    RunsAtOnce,
    Seed,
    Signatures,
    Strict,
)
from experiments.lab.terminal.progress import shown_run
from experiments.lab.terminal.sheet_formats import AsTable, TableFormat, refuse_two_forms, show


class Commanded(Protocol):
    """An experiment, as its command knows it."""

    name: str
    question: str

    @property
    def kept(self) -> KeptAnswers | None: ...

    @property
    def options(self) -> list[Parameter]: ...

    def check(self, settings: Settings, **options: Any) -> None: ...

    def answer(self, settings: Settings, **options: Any) -> Answer: ...


def command_line(experiment: Commanded) -> typer.Typer:
    """An experiment with the options of the command line."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command(help=experiment.question)(command(experiment))
    return app


def command(experiment: Commanded) -> Any:
    """A function for typer: the options that all experiments have, and the experiment's own."""

    def common(
        blocks: Blocks = None,
        seed: Seed = None,
        set_: Overrides = None,
        out: Out = None,
        as_json: AsJson = False,
        format: AsTable = TableFormat.TABLE,
        signatures: Signatures = "off",
        strict: Strict = False,
        jobs: RunsAtOnce = None,
        force: Force = False,
        quiet: Quiet = False,
        golden: Golden = False,
        **own: Any,
    ) -> None:
        refuse_two_forms(as_json, format)
        with (
            interruptible("the experiment has no answer"),
            Interruptible() as interrupt,
            shown_run(interrupt, None, not quiet) as bar,
        ):
            place = out or Path("out") / experiment.name
            settings = Settings(
                blocks=blocks,
                seed=seed,
                overrides=tuple(set_ or ()),
                signatures=signatures,
                strict=strict,
                jobs=jobs,
                out=place,
                progress=bar,
            )
            experiment.check(settings, **own)
            with prepared(place, force or out is None):
                found = experiment.answer(settings, **own)
                paths = save(found, place)
        kept = experiment.kept
        chosen = {key: value for key, value in own.items() if value != defaults[key]}
        if golden and kept is not None:
            paths += kept.keep(settings, chosen, found, place)
        if as_json:
            typer.echo(json.dumps(found.values, allow_nan=False))
        elif not quiet:
            show([sheet_of(found, experiment.question)], format)
            for path in paths:
                typer.echo(f"wrote {path}", err=format is not TableFormat.TABLE)
        if kept is not None and not golden:
            hold(kept, settings, chosen, found, quiet)

    defaults = {option.name: option.default for option in experiment.options}
    left_out = {"own"} if experiment.kept is not None else {"own", "golden"}
    hints = get_type_hints(common, include_extras=True)
    shared = [
        parameter.replace(annotation=hints[key], kind=Parameter.KEYWORD_ONLY)
        for key, parameter in signature(common).parameters.items()
        if key not in left_out
    ]
    parameters = [*experiment.options, *shared]
    common.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    common.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return common


def shared_options() -> list[str]:
    """Those that all experiments have."""
    return [*signature(Settings).parameters, "set_", "as_json", "format", "force", "quiet", "golden"]


def hold(kept: KeptAnswers, settings: Settings, options: dict[str, Any], found: Answer, quiet: bool) -> None:
    """Say how an answer differs from what is expected of these settings, and end with its exit code."""
    case = kept.about(settings, options)
    if case is None:
        others = ", ".join(one["name"] for one in kept.cases())
        if others and not quiet:
            tell(f"nothing is expected of these settings yet, but of {others}; --golden keeps this answer too")
        return
    differences = kept.differences(case, found, settings.out or Path())
    for line in differences:
        tell(f"{case['name']}: {line}")
    if differences:
        where = f"{kept.folder.name}/{EXPECTED}"
        tell(f"not what is expected in {where}; where the change is meant, --golden keeps the new answer")
        raise typer.Exit(FAILED)
    if not quiet:
        tell(f"as expected in {kept.folder.name} ({case['name']})")
