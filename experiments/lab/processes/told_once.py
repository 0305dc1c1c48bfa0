"""Warnings that hold for many runs: each is given once for all of them, by the process that others work for."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

Teller = Callable[[str, str], object]
"""Takes the key of a warning, which is the same where it comes again, and its line."""

TOLD: ContextVar[set[str] | None] = ContextVar("TOLD", default=None)
"""What was told already, where each is told once."""
TELLER: ContextVar[Teller | None] = ContextVar("TELLER", default=None)
"""Who tells it in the place of this process, which works for another."""


@contextmanager
def each_once() -> Iterator[None]:
    """Inside, what was told is not told again, in whichever run or sweep."""
    token = TOLD.set(set())
    try:
        yield
    finally:
        TOLD.reset(token)


@contextmanager
def told_by(teller: Teller) -> Iterator[None]:
    """Inside, somebody else is told."""
    token = TELLER.set(teller)
    try:
        yield
    finally:
        TELLER.reset(token)


def warn_each(lines: Mapping[str, str], stacklevel: int) -> None:
    """A warning for each line, by its key."""
    teller = TELLER.get()
    for key, line in lines.items():
        if teller is None:
            warn_once(key, line, stacklevel + 1)
        else:
            teller(key, line)


def warn_once(key: str, line: str, stacklevel: int = 2) -> None:
    """One of them, unless it was told already and is told once."""
    told = TOLD.get()
    if told is None or key not in told:
        warnings.warn(line, stacklevel=stacklevel)
    if told is not None:
        told.add(key)
