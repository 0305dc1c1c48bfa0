"""`et-testbed experiments`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chain.errors import Refused
from chain.wording import as_typed, place_of, told
from experiments.lab.config.errors import InputError
from experiments.lab.terminal import completion
from experiments.lab.terminal.ending import FAILED, fail

if TYPE_CHECKING:
    from experiments.lab.study import Experiment

experiments = typer.Typer(add_completion=False)

PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
"""Options after the name are the experiment's own."""


@experiments.command("experiments", context_settings=PASSED_ON)
def experiments_command(
    context: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]",
            help="one to run: its name, or a file of your own, my_question.py",
            autocompletion=completion.experiments,
        ),
    ] = None,
) -> None:
    """List the experiments, each with its question; with a name, run one, with its own options (NAME --help)."""
    if name is None or name.startswith("--"):
        list_experiments(context, [*([name] if name else []), *context.args])
        return
    found = find_experiment(name)
    try:
        code = found.command_line()(
            args=context.args, standalone_mode=False, prog_name=f"et-testbed experiments {name}"
        )
    except (InputError, Refused, OSError):
        raise
    except Exception as error:
        tell_own(error, name)
        raise
    if code:
        raise typer.Exit(code)


def tell_own(error: Exception, name: str) -> None:
    """End with the line of the user's own file through which an error came, if it came through one."""
    if place_of(error):
        fail(f"{name} raised {told(error)}; `python {as_typed(name)}` shows the way there", FAILED)


def list_experiments(context: typer.Context, options: list[str]) -> None:
    """Print all of them; `--json` as a list."""
    from rich.console import Console

    from experiments.lab.study.experiment import all_experiments

    if options == ["--help"]:
        typer.echo(context.get_help())
        return
    if options not in ([], ["--json"]):
        raise InputError(f"{options[0]}: no such option; there are --json and --help, or name an experiment first")
    found = all_experiments()
    if options:
        typer.echo(json.dumps([{"name": one.name, "question": one.question} for one in found]))
        return
    for one in found:
        Console().print(f"[bold]{one.name}[/bold]\n    {one.question}")
    Console().print("\nrun one with: et-testbed experiments NAME [OPTIONS]", highlight=False)


def find_experiment(name: str) -> Experiment:
    """The project's experiment of that name, or the one that a file of the user's own calls `experiment`. Raises
    `InputError`."""
    from chain.near_names import near
    from experiments.lab.study.experiment import all_experiments

    if name.endswith(".py"):
        return own_experiment(name)
    known = {one.name: one for one in all_experiments()}
    if name not in known:
        raise InputError(
            f"{name}: no such experiment{near(name, known)}; one of your own is named by its file, my.py"
        )
    return known[name]


def own_experiment(place: str) -> Experiment:
    """The experiment in a file. Raises `InputError`."""
    from experiments.lab.study.experiment import LINE, Experiment
    from strategies.finding import load_object

    try:
        found = load_object(f"{place}:experiment", Path())
    except ValueError as error:
        raise InputError(f"{error}; such a file says {LINE}") from None
    if not isinstance(found, Experiment):
        raise InputError(f"{place}: `experiment` is none; write {LINE}")
    return found
