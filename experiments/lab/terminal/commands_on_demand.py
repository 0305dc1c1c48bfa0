"""A command line that loads the one of its commands that is given, and all of them for their list alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
    """The group of the commands in `places`; whether a shell completes one is known without pydantic."""

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
        if found is not None and ctx.resilient_parsing:
            keep_words(found, ctx)
        return found


def keep_words(command: Any, ctx: Any) -> None:
    """A shell that completes a word asks for no value of the others: none is converted."""
    for param in command.get_params(ctx):
        param.process_value = as_given
    for inner in getattr(command, "commands", {}).values():
        keep_words(inner, ctx)


def as_given(_: object, value: Any) -> Any:
    """A word of the command line as it is."""
    return value
