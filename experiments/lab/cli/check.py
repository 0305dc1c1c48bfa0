"""`et-testbed check`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from chain.wording import one_line
from experiments.lab.config.errors import InputError
from experiments.lab.terminal.completion import strategies
from experiments.lab.terminal.ending import FAILED, tell

if TYPE_CHECKING:
    from experiments.lab.conformance.own_check import Verdict


def check(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            autocompletion=strategies,
            help="path.py:NAME or package.module:NAME of a strategy, a rule of draws, prices or sales, a law of "
            "rewards or costs; a strategy's name; CONFIG.toml",
        ),
    ],
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="a parameter, or a config's key"),
    ] = None,
    views: Annotated[int, typer.Option(min=1, help="how many views to show a strategy")] = 1000,
    histories: Annotated[int, typer.Option(min=1, help="how many histories to play under a rule")] = 20,
    values: Annotated[bool, typer.Option("--values", help="print all values of a config too")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print the report as one JSON object")] = False,
) -> None:
    """Check what is your own before it goes into a run: a strategy against its contract, a draw or pricing rule
    over random histories, a sale format over random sales, a law of rewards or costs over its draws, each in a
    process that is held to its time; of a config what it says, and what it will take in time and memory, without
    playing."""
    from experiments.lab.conformance.checked import check as judged

    verdict = judged(name, set_ or [], views=views, histories=histories)
    if values and "values" not in verdict.data:
        raise InputError(f"--values: is for a config; {one_line(name)} is none")
    show(verdict, as_json)
    if values and not as_json:
        show_values(verdict)


def show_values(verdict: Verdict) -> None:
    """Print what a config says, key by key, as `run` reads it."""
    from experiments.lab.conformance.config_check import toml_lines

    typer.echo("\n".join(["", *toml_lines(verdict.data["values"], frozenset(verdict.data["defaults"]))]))


def show(verdict: Verdict, as_json: bool) -> None:
    """Print a verdict; what is not sound ends the command with its exit code."""
    if as_json:
        typer.echo(json.dumps(verdict.data))
    elif verdict.passed or "faults" not in verdict.data:
        typer.echo(verdict.text)
    else:
        tell(verdict.text)
    for warning in verdict.warnings:
        tell(f"warning: {warning}")
    if not verdict.passed:
        raise typer.Exit(FAILED)
