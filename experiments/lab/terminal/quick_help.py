"""Help, and what shells complete, without the parts of rich that only other programs' help needs.

Typer loads rich's Markdown and its tracebacks with what it shows help by, which takes a third of the time of
`et-testbed --help`; our help is no Markdown, and no traceback is shown with it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType

UNUSED = {"rich.markdown": "Markdown", "rich.traceback": "Traceback"}
"""Modules, each with the class that typer takes from it."""


def shows_help(words: Sequence[str]) -> bool:
    """Whether a command line, without the program's name, asks for help, or a shell completes it that shows help
    beside the words. Bash does not."""
    asked = [value for name, value in os.environ.items() if name.endswith("_COMPLETE")]
    if asked:
        return not all(value.endswith("bash") for value in asked)
    return not words or "--help" in words


def load_help() -> None:
    """Load what typer shows help by, with stand-ins for what it does not use. They are gone afterwards."""
    lent = [stand_in(name, kind) for name, kind in UNUSED.items() if name not in sys.modules]
    sys.modules.update({module.__name__: module for module in lent})
    try:
        import_module("typer.rich_utils")
    finally:
        for module in lent:
            del sys.modules[module.__name__]


def stand_in(name: str, kind: str) -> ModuleType:
    """A module with one class, which loads the real one when an object of it is asked for."""

    def made(_: type, *args: object, **named: object) -> object:
        return getattr(import_module(name), kind)(*args, **named)

    module = ModuleType(name)
    setattr(module, kind, type(kind, (), {"__new__": made}))
    return module
