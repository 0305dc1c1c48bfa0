"""What each value of a sample is made of, which decides what its spread can say of the mean."""

from __future__ import annotations

from math import inf
from typing import NamedTuple

from experiments.lab.statistics.tail import UpperTail

MANY = 200  # blocks from which on a mean over them counts as one


class Sampling(NamedTuple):
    """A value of the sample is a mean, a sum or a ratio over `terms` blocks or sales; 0: it is one draw. `tail`:
    that of these terms, over the whole sample."""

    terms: int = 0
    tail: UpperTail = UpperTail()

    @property
    def averages(self) -> bool:
        """Whether each value is next to normal because it is a mean over many."""
        return self.terms >= MANY

    @property
    def words(self) -> str:
        """What a value is that is not next to normal."""
        return f"over {self.terms} blocks or sales, fewer than {MANY}" if self.terms else "one draw"

    def less(self, other: Sampling) -> Sampling:
        """The sampling of differences between values of two kinds: the heavier tail is theirs."""
        tail = min(self.tail, other.tail, key=lambda own: own.hill or inf)
        return Sampling(min(self.terms, other.terms), tail)


ONE_DRAW = Sampling()
"""A figure of which nothing is known but its values."""
