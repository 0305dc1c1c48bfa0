"""Who enters a tournament: `truthful`, `shade:0.8`, `shade:factor=0.8`, `my.py:Sniper:margin=0.1`."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from chain.wording import shown
from experiments.lab.config.errors import InputError
from experiments.lab.config.overrides import read_value
from experiments.lab.sweep.grid import split
from strategies.base import Strategy
from strategies.finding import find_strategy


class Entrant(NamedTuple):
    """A strategy with parameters. `label` is what it is called in tables."""

    label: str
    strategy: str
    parameters: dict[str, Any]


def read_entrants(named: str | Iterable[Entrant | str], folder: Path = Path()) -> list[Entrant]:
    """Entrants between commas, or one by one. Raises `InputError` for one that is not there, or comes twice."""
    each = split(named) if isinstance(named, str) else named
    if not isinstance(each, Iterable):
        raise refused(each)
    entrants = [read_entrant(one, folder) for one in each]
    labels = [entrant.label for entrant in entrants]
    for label in labels:
        if labels.count(label) > 1:
            raise InputError(f"--entrants: {label} enters twice; name each once")
    if not entrants:
        raise InputError("--entrants: nobody enters; name some, e.g. --entrants truthful,shade:0.8,my.py:Sniper")
    return entrants


def refused(given: object) -> InputError:
    """What is said of what is no entrant."""
    return InputError(f"--entrants: {shown(given)} is no entrant; write 'truthful', 'shade:0.8' or 'my.py:Sniper'")


def read_entrant(text: Entrant | str, folder: Path = Path()) -> Entrant:
    """One entrant. A bare value is that of the constructor's first parameter. Raises `InputError`."""
    if isinstance(text, Entrant):
        return text
    if not isinstance(text, str):
        raise refused(text)
    name, rest = name_and_parameters(text)
    kind = find(name, folder)
    parameters: dict[str, Any] = {}
    for part in rest:
        key, equals, value = part.partition("=")
        if not equals:
            key, value = first_parameter(kind, text), part
        parameters[key.strip()] = read_value(value.strip())
    return Entrant(text, name, parameters)


def name_and_parameters(text: str) -> tuple[str, list[str]]:
    """`shade:0.8` → `shade`, [`0.8`]; `my.py:Sniper:margin=0.1` → `my.py:Sniper`, [`margin=0.1`].

    The path of a file may have colons too: it ends at the last `.py:`.
    """
    path, _, after = text.rpartition(".py:")
    head, *rest = after.split(":")
    if path:
        return f"{path}.py:{head}", rest
    if text.endswith(".py"):
        return text, []
    if rest and rest[0][:1].isupper():
        return f"{head}:{rest[0]}", rest[1:]
    return head, rest


def find(name: str, folder: Path) -> type[Strategy]:
    """The class of a strategy. Raises `InputError`."""
    try:
        return find_strategy(name, None, folder)
    except ValueError as error:
        raise InputError(f"--entrants: {error}") from None


def first_parameter(kind: type[Strategy], text: str) -> str:
    """What a bare value stands for. Raises `InputError` where the strategy takes none."""
    names = list(inspect.signature(kind).parameters)
    if not names:
        raise InputError(f"--entrants: {text}: {kind.__name__} takes no parameters")
    return names[0]


def labels(entrants: Iterable[Entrant]) -> list[str]:
    """What they are called."""
    return [entrant.label for entrant in entrants]
