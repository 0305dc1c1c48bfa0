"""What one account holds: its live tickets, in the order in which they came."""

from __future__ import annotations

from typing import Any

from chain.ticket import Title

BATCH = 64
"""The most tickets of a batch."""


class Batch:
    """Tickets of one holder that came one after the other, by serial.

    `picture` is a place for a frozen copy that a viewer made; it is emptied with every change.
    """

    __slots__ = ("picture", "titles")

    def __init__(self) -> None:
        self.titles: dict[int, Title] = {}
        self.picture: Any = None


class Portfolio(dict[int, Title]):
    """The titles of a holder by serial, and the same ones in batches by number.

    Of many tickets few change in a slot, and a change touches one batch: whoever keeps copies of all makes the
    copy of that batch anew. `picture` is a place for them, as in a batch.
    """

    __slots__ = ("_arrived", "batches", "picture")

    def __init__(self) -> None:
        super().__init__()
        self.batches: dict[int, Batch] = {}
        self.picture: Any = None
        self._arrived = 0

    def add(self, title: Title) -> None:
        """Take a ticket in, as the last one."""
        serial = title.ticket.serial
        title.batch = self._arrived // BATCH
        self._arrived += 1
        self[serial] = title
        if title.batch not in self.batches:
            self.batches[title.batch] = Batch()
        self.batches[title.batch].titles[serial] = title
        self.touch(title)

    def drop(self, title: Title) -> None:
        """Let a ticket go."""
        serial = title.ticket.serial
        self.touch(title)
        del self[serial]
        batch = self.batches[title.batch]
        del batch.titles[serial]
        if not batch.titles:
            del self.batches[title.batch]

    def touch(self, title: Title) -> None:
        """A ticket has changed: copies of it are old."""
        title.picture = None
        self.batches[title.batch].picture = None
        self.picture = None
