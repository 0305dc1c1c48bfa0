"""Where a live run stood, so that it can be put back there."""

from __future__ import annotations

from collections import OrderedDict
from itertools import count
from typing import NamedTuple

MOST_SNAPSHOTS = 100


class Snapshot(NamedTuple):
    """The engine and its driver in a pickle of checkpoints, and the number of the last block."""

    run: bytes
    last: int


class Snapshots:
    """Snapshots by their ids; the oldest goes where there are too many."""

    def __init__(self) -> None:
        self._ids = count(1)
        self._kept: OrderedDict[int, Snapshot] = OrderedDict()

    def keep(self, snapshot: Snapshot) -> int:
        """The id of one more."""
        id = next(self._ids)
        self._kept[id] = snapshot
        if len(self._kept) > MOST_SNAPSHOTS:
            self._kept.popitem(last=False)
        return id

    def take(self, id: int) -> Snapshot | None:
        """A snapshot, which is gone with all that came after it; None where there is none."""
        if id not in self._kept:
            return None
        while True:
            latest, snapshot = self._kept.popitem()
            if latest == id:
                return snapshot
