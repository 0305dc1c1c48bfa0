"""`et-testbed check`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from experiments.lab.commands.ending import FAILED
from experiments.lab.errors import InputError


def check(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="path.py:Class, package.module:Class, or a strategy's name")
    ],
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="a parameter, e.g. margin=0.02")
    ] = None,
    views: Annotated[int, typer.Option(min=1, help="how many views to show it")] = 1000,
    as_json: Annotated[bool, typer.Option("--json", help="print the report as one JSON object")] = False,
) -> None:
    """Put a strategy through its contract: legal intents, replay, pickling, no peeking at global state, time."""
    from strategies.loading import find_strategy
    from strategies.testing import check_strategy

    try:
        kind = find_strategy(name, None, Path())
    except ValueError as error:
        raise InputError(str(error)) from None
    report = check_strategy(kind, views=views, **parameters(set_ or []))
    typer.echo(json.dumps(report.as_dict()) if as_json else str(report))
    if not report:
        raise typer.Exit(FAILED)


def parameters(options: list[str]) -> dict[str, Any]:
    """`["margin=0.1"]` as a dict. Raises `InputError`."""
    from experiments.lab.loading import read_value

    found: dict[str, Any] = {}
    for option in options:
        key, equals, text = option.partition("=")
        if not equals or not key.strip():
            raise InputError(f"--set {option}: write it as name=value, e.g. --set margin=0.02")
        found[key.strip()] = read_value(text.strip())
    return found
