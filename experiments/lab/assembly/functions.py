"""A user's own function, which a config names by its file or module."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from chain.near_names import near
from chain.wording import one_line, shown
from experiments.lab.config.errors import InputError
from strategies.finding import load_object


def load_function(name: str, key: str, known: tuple[str, ...], folder: Path) -> Callable[..., Any]:
    """A user's rule, `path.py:function` or `package.module:function`. Raises `InputError`."""
    found = load_own(name, key, known, folder)
    if not callable(found):
        raise InputError(f"{key}: {one_line(name)} is no function")
    return found


def load_own(name: str, key: str, known: tuple[str, ...], folder: Path) -> object:
    """Whatever it is that a config names, where it is none of those that are `known`. Raises `InputError`."""
    if ":" not in name and name.endswith(".py"):
        raise InputError(f"{key}: {shown(name)} is a file; name what is in it too, as {one_line(name)}:NAME")
    if ":" not in name:
        there = f"not one of {', '.join(known)}{near(name, list(known))}" if known else "no file with a function"
        raise InputError(f"{key}: {shown(name)} is {there}; an own rule is named `path.py:function`")
    try:
        return load_object(name, folder)
    except ValueError as error:
        raise InputError(f"{key}: {error}") from None
