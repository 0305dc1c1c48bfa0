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


def test_a_shell_that_completes_does_too(monkeypatch):
    assert not shows_help(["run", "--blocks", "1"])
    monkeypatch.setenv("_ET_TESTBED_COMPLETE", "complete_bash")
    assert shows_help(["run", "--blocks", "1"])


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
