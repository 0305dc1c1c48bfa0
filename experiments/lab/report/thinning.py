"""Long runs made short enough to look at: bins of blocks, and the order statistics in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from experiments.lab.report.run_source import Floats, Integers

MOST_POINTS = 400  # of a series, up to which every single fact is drawn
MOST_BINS = 80


@dataclass(frozen=True, slots=True)
class Bins:
    """The numbers 0 … `size` − 1 cut into at most `MOST_BINS` bins of `width`; the last may be shorter."""

    size: int
    width: int

    @classmethod
    def fit(cls, size: int, most: int = MOST_BINS) -> Bins:
        """The narrowest bins that are few enough."""
        return cls(max(1, size), max(1, -(-size // most)))

    @property
    def edges(self) -> Integers:
        """Where bins begin, and the end of the last one."""
        return np.append(np.arange(0, self.size, self.width), self.size)

    @property
    def centres(self) -> Floats:
        """The middle of each bin."""
        edges = self.edges
        return (edges[:-1] + edges[1:] - 1) / 2

    @property
    def count(self) -> int:
        """How many bins there are."""
        return -(-self.size // self.width)

    def index(self, numbers: Integers) -> Integers:
        """The bin of each number; what lies outside counts to the first or the last."""
        return np.clip(numbers // self.width, 0, self.count - 1)


class Spread(NamedTuple):
    """Groups of values, and of each its mean, 10% quantile, median, 90% quantile, greatest value and size."""

    groups: Integers
    mean: Floats
    low: Floats
    middle: Floats
    high: Floats
    most: Floats
    counts: Integers


def spread(groups: Integers, values: Floats) -> Spread:
    """The spread of each group for a logarithmic scale: groups of nothing but zeros are left out, and quantiles of
    0 lifted to the least positive value. Needs a positive value.
    """
    found, quantiles = order_statistics(groups, values, (0.1, 0.5, 0.9, 1.0))
    is_seen = quantiles[-1] > 0
    lifted = [np.maximum(quantile[is_seen], values[values > 0].min()) for quantile in quantiles]
    counts = np.unique(groups, return_counts=True)[1]
    low, middle, high, most = lifted
    return Spread(found[is_seen], means(groups, values)[1][is_seen], low, middle, high, most, counts[is_seen])


def order_statistics(groups: Integers, values: Floats, shares: Sequence[float]) -> tuple[Integers, list[Floats]]:
    """The groups that there are and, for each share, the value that has this share of its group below it."""
    order = np.lexsort((values, groups))
    found, starts, counts = np.unique(groups[order], return_index=True, return_counts=True)
    ranked = values[order]
    return found, [ranked[starts + np.rint(share * (counts - 1)).astype(np.int64)] for share in shares]


def means(groups: Integers, values: Floats) -> tuple[Integers, Floats]:
    """The groups that there are and the mean of each."""
    found, place, counts = np.unique(groups, return_inverse=True, return_counts=True)
    return found, np.bincount(place, values, len(found)) / counts
