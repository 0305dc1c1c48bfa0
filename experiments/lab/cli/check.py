"""`et-testbed check`."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from chain.state import Draw, DrawRule
from experiments.lab.config.errors import InputError
from experiments.lab.terminal.ending import FAILED, tell


def check(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="path.py:Class, package.module:Class, or a strategy's name; path.py:function of a rule",
        ),
    ],
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="a strategy's parameter, e.g. margin=0.02"),
    ] = None,
    views: Annotated[int, typer.Option(min=1, help="how many views to show a strategy")] = 1000,
    histories: Annotated[int, typer.Option(min=1, help="how many histories to play under a rule")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="print the report as one JSON object")] = False,
) -> None:
    """Put a strategy through its contract (legal intents, replay, pickling, no peeking at global state, time), or
    a draw rule through random histories (conservation, determinism, one draw per block)."""
    rule = find_rule(name)
    if rule is None:
        check_strategy_called(name, parameters(set_ or []), views, as_json)
    else:
        check_draw_rule(name, rule, histories, as_json)


def check_strategy_called(name: str, given: dict[str, Any], views: int, as_json: bool) -> None:
    """Print the report on a strategy."""
    from strategies.finding import find_strategy
    from strategies.testing import check_strategy

    try:
        kind = find_strategy(name, None, Path())
    except ValueError as error:
        raise InputError(str(error)) from None
    report = check_strategy(kind, views=views, **given)
    typer.echo(json.dumps(report.as_dict()) if as_json else str(report))
    if not report:
        raise typer.Exit(FAILED)


def check_draw_rule(name: str, rule: Draw | DrawRule, histories: int, as_json: bool) -> None:
    """Print the report on a draw rule."""
    from experiments.lab.conformance.rule_check import RuleFault, check_rule

    try:
        report = check_rule(rule, histories)
    except RuleFault as fault:
        tell(f"{name}: {fault}")
        raise typer.Exit(FAILED) from None
    typer.echo(json.dumps(report._asdict()) if as_json else f"{name}: {report}")


def find_rule(name: str) -> Draw | DrawRule | None:
    """The draw rule that a name stands for: a function, or one that says what it is; None where it stands for
    something else. Raises `InputError`."""
    from strategies.finding import load_object

    if ":" not in name:
        return None
    try:
        found = load_object(name, Path())
    except ValueError as error:
        raise InputError(str(error)) from None
    if isinstance(found, DrawRule):
        return found
    if callable(found) and not isinstance(found, type):
        return draw_rule(name, found)
    return None


def draw_rule(name: str, function: Callable[..., object]) -> Draw:
    """The function, if it can be called with two arguments. Raises `InputError`."""
    signature = inspect.signature(function)
    try:
        signature.bind(None, None)
    except TypeError:
        raise InputError(f"{name}{signature}: a draw rule is called with a state and a block") from None
    return cast(Draw, function)


def parameters(options: list[str]) -> dict[str, Any]:
    """`["margin=0.1"]` as a dict. Raises `InputError`."""
    from experiments.lab.config.overrides import read_value

    found: dict[str, Any] = {}
    for option in options:
        key, equals, text = option.partition("=")
        if not equals or not key.strip():
            raise InputError(f"--set {option}: write it as name=value, e.g. --set margin=0.02")
        found[key.strip()] = read_value(text.strip())
    return found
