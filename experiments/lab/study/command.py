"""Every experiment is a command of its own: `python -m experiments.NAME`."""

from __future__ import annotations

import json
import math
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Any, Protocol, get_type_hints

import typer

from experiments.lab.study.answer import Answer, prepare, save
from experiments.lab.study.settings import Settings
from experiments.lab.terminal.ending import interruptible
from experiments.lab.terminal.options import (
    AsJson,
    Blocks,
    Force,
    Jobs,
    Out,
    Overrides,
    Quiet,
    Seed,
    Signatures,
    Strict,
)
from experiments.lab.terminal.progress import Bar, Interruptible
from experiments.lab.terminal.sheet import Cell, Sheet, SheetColumn, Shown
from experiments.lab.terminal.sheet_formats import AsTable, TableFormat, show


class Commanded(Protocol):
    """An experiment, as its command knows it."""

    name: str
    question: str

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
        jobs: Jobs = 1,
        force: Force = False,
        quiet: Quiet = False,
        **own: Any,
    ) -> None:
        with (
            interruptible("the experiment has no answer"),
            Interruptible() as interrupt,
            Bar(interrupt, None, not quiet) as bar,
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
            prepare(place, force or out is None)
            found = experiment.answer(settings, **own)
        paths = save(found, place)
        if as_json:
            typer.echo(json.dumps(found.values, allow_nan=False))
        elif not quiet:
            show([sheet_of(found, experiment.question)], format)
            for path in paths:
                typer.echo(f"wrote {path}", err=format is not TableFormat.TABLE)

    hints = get_type_hints(common, include_extras=True)
    shared = [
        parameter.replace(annotation=hints[key], kind=Parameter.KEYWORD_ONLY)
        for key, parameter in signature(common).parameters.items()
        if key != "own"
    ]
    parameters = [*experiment.options, *shared]
    common.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    common.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return common


def cell_of(value: Any) -> Cell:
    """A cell of the table: a number to four digits, as Python has it, not numpy."""
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return Shown(f"{value:z,.4g}", {"": value})
    return value if isinstance(value, int | str | None) else str(value)


def sheet_of(answer: Answer, question: str) -> Sheet:
    """The table of an answer, below its question."""
    from pandas.api.types import is_numeric_dtype

    kinds = answer.table.dtypes.items()
    columns = [SheetColumn(str(name), is_number=is_numeric_dtype(kind)) for name, kind in kinds]
    rows = [list(map(cell_of, row)) for row in answer.table.itertuples(index=False)]
    return Sheet(columns, rows, answer.title or question)
