"""Help is shown without parts of rich that it has no use for, and nobody else misses them."""

from __future__ import annotations

import sys

import pytest
import rich.markdown
import typer
import typer.rich_utils

from experiments.lab.terminal.quick_help import UNUSED, load_help, shows_help, stand_in


@pytest.mark.parametrize("words", [[], ["--help"], ["run", "--help"]])
def test_a_command_line_asks_for_help(words):
    assert shows_help(words)


@pytest.mark.parametrize(("shell", "shown"), [("zsh", True), ("fish", True), ("bash", False)])
def test_a_shell_that_completes_does_too_where_it_has_room_for_it(monkeypatch, shell, shown):
    assert not shows_help(["run", "--blocks", "1"])
    monkeypatch.setenv("_ET_TESTBED_COMPLETE", f"complete_{shell}")
    assert shows_help([]) is shown


def test_what_is_not_used_is_not_loaded_and_found_as_it_is_afterwards(monkeypatch):
    monkeypatch.setattr(typer, "rich_utils", typer.rich_utils)
    for name in ("typer.rich_utils", *UNUSED):
        monkeypatch.delitem(sys.modules, name, raising=False)
    load_help()
    assert "typer.rich_utils" in sys.modules
    assert not UNUSED.keys() & sys.modules.keys()


def test_a_stand_in_makes_the_real_thing():
    made = stand_in("rich.markdown", "Markdown").Markdown("# title")
    assert type(made) is rich.markdown.Markdown
    assert made.markup == "# title"
