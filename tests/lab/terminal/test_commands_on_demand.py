"""Of many commands only the one that is given is loaded, and what a shell completes asks for no value."""

from __future__ import annotations

from typing import ClassVar

import pytest
import typer
from typer.testing import CliRunner

from experiments.lab.cli.app import app
from experiments.lab.terminal.commands_on_demand import Commands, GroupOnDemand

HERE = __name__


def greet(name: str, count: int = 1, loud: bool = False) -> None:
    """Say hello."""
    typer.echo(f"hello {name} {count} {loud}")


class Greetings(GroupOnDemand):
    """One that is there, and one whose module is not."""

    places: ClassVar = {"greet": f"{HERE}:greet", "lost": "no.such.module:lost"}


greetings = typer.Typer(cls=Greetings)


@greetings.callback()
def options() -> None:
    """Greetings."""


def completed(words):
    environment = {
        "_GREETINGS_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(words.count(" ")),
    }
    return CliRunner().invoke(greetings, prog_name="greetings", env=environment).stdout.split()


def test_a_command_is_made_at_its_first_use():
    commands = Commands(Greetings.places)
    assert list(commands) == ["greet", "lost"]
    assert len(commands) == 2
    assert commands["greet"] is commands["greet"]
    assert commands.get("none") is None
    with pytest.raises(ModuleNotFoundError):
        commands["lost"]


def test_the_command_that_is_given_gets_its_values():
    done = CliRunner().invoke(greetings, ["greet", "Ann", "--count", "3", "--loud"])
    assert done.stdout == "hello Ann 3 True\n"
    assert CliRunner().invoke(greetings, ["greet", "Ann", "--count", "x"]).exit_code == 2


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("greetings gr", ["greet"]),
        ("greetings greet --lo", ["--loud"]),
        ("greetings greet --count x --lo", ["--loud"]),
    ],
)
def test_a_shell_is_offered_what_goes_on_so(words, offered):
    assert completed(words) == offered


def test_every_command_of_ours_is_found():
    group = typer.main.get_command(app)
    assert all(command.name == name and command.help for name, command in group.commands.items())
