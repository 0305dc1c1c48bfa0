"""What chance gives each ticket, in the order of tickets, so that it is the same whenever the ticket is sold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

CHUNK = 4096
"""Tickets for which is drawn at a time, always this many."""

Value = TypeVar("Value")


class ByTicket(Generic[Value]):
    """A value for each ticket. `draw` gives those of the next `CHUNK` tickets; the last `kept` are remembered."""

    def __init__(self, draw: Callable[[], list[Value]], kept: int) -> None:
        self._draw = draw
        self._kept = kept
        self._first = 0
        self._values: list[Value] = []

    def __getitem__(self, ticket: int) -> Value:
        return self.between(ticket, ticket)[0]

    def between(self, first: int, last: int) -> list[Value]:
        """The values of tickets `first … last`. Raises `ValueError` where they are forgotten."""
        while last >= self._first + len(self._values):
            self._forget()
            self._values += self._draw()
        if first < self._first:
            raise ValueError(f"ticket {first} is forgotten; tickets from {self._first} on are remembered")
        return self._values[first - self._first : last + 1 - self._first]

    def _forget(self) -> None:
        old = max(len(self._values) - self._kept, 0)
        del self._values[:old]
        self._first += old
