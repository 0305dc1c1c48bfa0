"""When blocks are, in whole seconds: strictly one after the other, however short slots are."""

from __future__ import annotations

from math import floor

LAST = 2**40  # s, in some thirty thousand years


class BlockTimes:
    """The genesis is at `start`, s; a block comes every `slot_seconds`."""

    def __init__(self, start: int, slot_seconds: float) -> None:
        self.last = start
        self._start = start
        self._slot_seconds = slot_seconds

    def advance(self, number: int) -> None:
        """Block `number` begins."""
        self.last = max(self.last + 1, self._due(number))

    def move(self, number: int, seconds: int) -> None:
        """Let block `number`, the next one, be at this time, and those after it follow in their distance. Raises
        `ValueError` for a time that is not after the last block's, or beyond `LAST`."""
        if seconds > LAST:
            raise ValueError(f"{seconds} s is after the last time that there is, {LAST} s")
        if seconds <= self.last:
            raise ValueError(f"{seconds} s is not after the last block, which is at {self.last} s")
        self._start += seconds - self._due(number)

    def _due(self, number: int) -> int:
        return self._start + floor(number * self._slot_seconds)
