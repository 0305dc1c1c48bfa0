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
        """Raises `ValueError` for a ticket that is forgotten."""
        place = ticket - self._first
        while place >= len(self._values):
            self._forget()
            self._values += self._draw()
            place = ticket - self._first
        if place < 0:
            raise ValueError(f"ticket {ticket} is forgotten; tickets from {self._first} on are remembered")
        return self._values[place]

    def _forget(self) -> None:
        old = max(len(self._values) - self._kept, 0)
        del self._values[:old]
        self._first += old
