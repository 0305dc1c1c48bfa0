"""`et-testbed experiments`, and every experiment as a command of its own."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer
from rich.console import Console
from rich.table import Table

from experiments.lab.commands.ending import guarded, interruptible
from experiments.lab.commands.options import (
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

if TYPE_CHECKING:
    from experiments.lab.experiment import Answer, Experiment


def list_experiments(
    as_json: Annotated[bool, typer.Option("--json", help="print a JSON list")] = False,
) -> None:
    """List the experiments, each with its question."""
    from experiments.lab.experiment import all_experiments

    found = all_experiments()
    if as_json:
        typer.echo(json.dumps([{"name": one.name, "question": one.question} for one in found]))
        return
    for one in found:
        Console().print(f"[bold]{one.name}[/bold]\n    {one.question}")
    Console().print("\nrun one with: python -m experiments.NAME [OPTIONS]", highlight=False)


def main(experiment: Experiment) -> None:
    """Run an experiment with the options of the command line."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command(help=experiment.question)(command(experiment))
    guarded(app)


def command(experiment: Experiment) -> Any:
    """A function for typer: the options that all experiments have, and the experiment's own."""
    from experiments.lab.experiment import Settings, prepare, save
    from experiments.lab.progress import Bar, Interruptible

    def common(
        blocks: Blocks = None,
        seed: Seed = None,
        set_: Overrides = None,
        out: Out = None,
        as_json: AsJson = False,
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
            prepare(place, force or out is None)
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
            answer = experiment.answer(settings, **own)
        paths = save(answer, place)
        if as_json:
            typer.echo(json.dumps(answer.values, allow_nan=False))
        elif not quiet:
            show(answer, experiment, paths)

    hints = get_type_hints(common, include_extras=True)
    shared = [
        parameter.replace(annotation=hints[name], kind=inspect.Parameter.KEYWORD_ONLY)
        for name, parameter in inspect.signature(common).parameters.items()
        if name != "own"
    ]
    parameters = [*experiment.options, *shared]
    common.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    common.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return common


def show(answer: Answer, experiment: Experiment, paths: list[Path]) -> None:
    """Print the table, and where the figures are."""
    from pandas.api.types import is_numeric_dtype

    table = Table(title=experiment.question, title_justify="left", box=None, pad_edge=False)
    for name, kind in answer.table.dtypes.items():
        table.add_column(str(name), justify="right" if is_numeric_dtype(kind) else "left", overflow="fold")
    for row in answer.table.itertuples(index=False):
        table.add_row(*(f"{value:,.4g}" if isinstance(value, float) else str(value) for value in row))
    Console().print(table)
    for path in paths:
        typer.echo(f"wrote {path}")
