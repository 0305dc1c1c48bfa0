"""The command line, `et-testbed`: its commands, each of which is loaded when it is given."""

from __future__ import annotations

import atexit
import gc
import sys
from typing import Annotated, ClassVar

import typer

from experiments.lab.terminal.commands_on_demand import GroupOnDemand
from experiments.lab.terminal.ending import guarded
from experiments.lab.terminal.quick_help import load_help, shows_help

COMMANDS = {
    "run": "run:run",
    "sweep": "sweep:sweep",
    "verify": "verify:verify",
    "replay": "replay:replay",
    "check": "check:check",
    "tournament": "tournament:tournament",
    "exploit": "exploit:exploit",
    "serve": "serve:serve",
    "schema": "schema_command:schema",
    "experiments": "experiments:experiments",
    "solve": "solve:solve_command",
    "simulate": "simulate:simulate_command",
    "trace": "trace_command:trace",
    "report": "report_command:report",
    "init": "init:init",
    "strategies": "lists:strategies",
    "metrics": "lists:metrics",
    "wallet": "wallet:wallet",
}
"""In the order of their list, each with its place in this room."""


class EtTestbed(GroupOnDemand):
    """The commands."""

    places: ClassVar = {name: f"experiments.lab.cli.{place}" for name, place in COMMANDS.items()}


app = typer.Typer(
    name="et-testbed",
    cls=EtTestbed,
    help="A discrete-event testbed for Ethereum execution tickets.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


COLLECTIONS = (200_000, 20, 20)
"""See `gc.set_threshold`: what a run loads are 100,000 objects, none of which is garbage."""


def main() -> None:
    """The entry point of a process of its own. As it ends all goes with it: to look for garbage then, and while it
    loads, takes a quarter of the CPU time of a short command."""
    gc.set_threshold(*COLLECTIONS)
    atexit.register(gc.freeze)
    if shows_help(sys.argv[1:]):
        load_help()
    guarded(app)


def print_version(wanted: bool) -> None:
    """Print the version and stop."""
    if wanted:
        from importlib.metadata import version

        typer.echo(version("et-testbed"))
        raise typer.Exit


@app.callback()
def options(
    _: Annotated[
        bool, typer.Option("--version", callback=print_version, is_eager=True, help="print the version")
    ] = False,
) -> None:
    """A discrete-event testbed for Ethereum execution tickets."""
