"""`et-testbed check`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

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
            help="path.py:NAME or package.module:NAME of a strategy, a draw rule or a pricing rule; a strategy's "
            "name; CONFIG.toml",
        ),
    ],
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="a strategy's parameter, or a config's key"),
    ] = None,
    views: Annotated[int, typer.Option(min=1, help="how many views to show a strategy")] = 1000,
    histories: Annotated[int, typer.Option(min=1, help="how many histories to play under a draw rule")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="print the report as one JSON object")] = False,
) -> None:
    """Check what is your own before it goes into a run: a strategy against its contract, a draw rule over random
    histories, a pricing rule over random sales, each in a process that is held to its time; of a config what it
    says, and what it will take in time and memory, without playing."""
    show(judged(name, set_ or [], views, histories), as_json)


def judged(name: str, settings: list[str], views: int, histories: int) -> Verdict:
    """The verdict on what a name stands for. Raises `InputError`."""
    if name.endswith(".toml") or Path(name).is_dir():
        return of_config(name, settings)
    if ":" in name:
        return own(name, settings, views, histories)
    return of_the_library(name, settings, views)


def show(verdict: Verdict, as_json: bool) -> None:
    """Print a verdict; what is not sound ends the command with its exit code."""
    if as_json:
        typer.echo(json.dumps(verdict.data))
    elif verdict.passed or "\n" in verdict.text:
        typer.echo(verdict.text)
    else:
        tell(verdict.text)
    for warning in verdict.warnings:
        tell(f"warning: {warning}")
    if not verdict.passed:
        raise typer.Exit(FAILED)


def of_config(name: str, settings: list[str]) -> Verdict:
    """The verdict on a config; in a process of its own where code of the user's own is in it. Raises
    `InputError`."""
    from experiments.lab.config.loading import read_config
    from experiments.lab.conformance.config_check import check_config, has_own_code
    from experiments.lab.conformance.own_check import Verdict, check_own

    if has_own_code(read_config(Path(name), settings)):
        return check_own(name, settings)
    report = check_config(Path(name), settings)
    return Verdict(True, str(report), report.as_dict())


def own(name: str, settings: list[str], views: int, histories: int) -> Verdict:
    """The verdict on something of the user's own. Raises `InputError`."""
    from experiments.lab.conformance.own_check import check_own

    return check_own(name, settings, views, histories)


def of_the_library(name: str, settings: list[str], views: int) -> Verdict:
    """The verdict on a strategy of the project's own, or of an installed package. Raises `InputError`."""
    from experiments.lab.config.overrides import read_parameters
    from experiments.lab.conformance.own_check import Verdict
    from strategies.finding import find_strategy
    from strategies.testing.contract_check import check_called

    try:
        kind = find_strategy(name, None, Path())
    except ValueError as error:
        raise InputError(str(error)) from None
    report = check_called(name, kind, read_parameters(settings), views)
    return Verdict(report.passed, str(report), report.as_dict())
