"""A command line that loads the one of its commands that is given, and all of them for their list alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any, ClassVar

import typer
from typer.core import TyperGroup
from typer.main import get_command


class Commands(Mapping[str, Any]):
    """Commands by name, each made when it is asked for.

    A place is `package.module:NAME`: a function, or what typer made of several.
    """

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = places
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = command_at(self._places[name], name)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def command_at(place: str, name: str) -> Any:
    """Load a command."""
    module, _, attribute = place.partition(":")
    found = getattr(import_module(module), attribute)
    if not isinstance(found, typer.Typer):
        alone = typer.Typer(add_completion=False)
        alone.command(name)(found)
        found = alone
    return get_command(found)


class GroupOnDemand(TyperGroup):
    """The group of the commands in `places`, of which no more words are converted than must be."""

    places: ClassVar[Mapping[str, str]]

    def __init__(self, **named: Any) -> None:
        super().__init__(**named)
        self.commands = Commands(self.places)  # type: ignore[assignment]

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """Their names, in the order of `places`."""
        return list(self.commands)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Flags not given are False: typer's own have None, which only pydantic could make a bool of."""
        for param in self.get_params(ctx):
            if param.default is None and getattr(param, "is_flag", False):
                param.default = False
        return super().parse_args(ctx, args)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name; None where there is none."""
        found = super().get_command(ctx, cmd_name)
        if found is not None:
            leave(found, ctx, as_given if ctx.resilient_parsing else unless_default)
        return found


Convert = Callable[[Any, Any], Any]
"""Of a context and a word, the value."""


def leave(command: Any, ctx: Any, how: Callable[[Any], Convert]) -> None:
    """Convert fewer words: for each typer makes a model of its own, at a third of a millisecond."""
    for param in command.get_params(ctx):
        param.process_value = how(param)
    for inner in getattr(command, "commands", {}).values():
        leave(inner, ctx, how)


def as_given(_: Any) -> Convert:
    """A shell that completes a word asks for no value of the others."""
    return lambda _, value: value


def unless_default(param: Any) -> Convert:
    """A default has the type already that a word is to have."""
    convert: Convert = param.process_value
    has_more_to_do = param.required or param.callback is not None

    def value_of(ctx: Any, value: Any) -> Any:
        return value if value is param.default and not has_more_to_do else convert(ctx, value)

    return value_of
