"""Extras of the distribution: what is installed for some purposes alone."""

from __future__ import annotations

from importlib.util import find_spec

from experiments.lab.config.errors import InputError


def check_extra(what: str, module: str, extra: str) -> None:
    """Raises `InputError` where a module that comes with an extra is not installed."""
    if find_spec(module) is None:
        raise InputError(f"{what} needs {module}: pip install 'et-testbed[{extra}]'")
