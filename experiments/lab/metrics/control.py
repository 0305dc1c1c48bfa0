"""Multi-block control: one proposer with several blocks in a row.

`proposers` names who proposed block 0, 1, …; a block without a proposal is missing and breaks a row.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from experiments.lab.metrics.columns import Integers, coded


class Streaks(NamedTuple):
    """Maximal rows of consecutive blocks by one proposer: its place in `names`, the first block, how many."""

    names: list[str]
    proposers: Integers
    first: Integers
    length: Integers


def streaks(proposers: Any) -> Streaks:
    """All maximal rows, also those of one block, in order."""
    codes, names = coded(proposers)
    first = np.flatnonzero(np.diff(codes, prepend=-2)) if codes.size else np.zeros(0, np.int64)
    length = np.diff(first, append=codes.size)
    there = codes[first] >= 0
    return Streaks(names, codes[first][there], first[there], length[there])


def longest(proposers: Any) -> int:
    """The longest row, blocks; 0 without a proposal."""
    return int(streaks(proposers).length.max(initial=0))


def longest_by_proposer(proposers: Any) -> dict[str, int]:
    """Each proposer's longest row, blocks."""
    rows = streaks(proposers)
    most = np.zeros(len(rows.names), np.int64)
    np.maximum.at(most, rows.proposers, rows.length)
    return dict(zip(rows.names, most.tolist(), strict=True))


def chance(proposers: Any, m: int) -> float | None:
    """The chance that m blocks in a row have one proposer: the share of the B − m + 1 windows of m blocks that
    one proposer has whole, 0 to 1; None in a run of less than m blocks.

    Where each block falls to proposer i with probability s_i, whatever came before, it is Σ s_i^m. Raises
    `ValueError` for m < 1.
    """
    windows = count_windows(proposers, m)
    if windows:
        return sum(chance_by_proposer(proposers, m).values())
    return None


def chance_by_proposer(proposers: Any, m: int) -> dict[str, float]:
    """The same for each proposer: the share of all windows of m blocks that it has whole. Empty in a run of
    less than m blocks. Raises `ValueError` for m < 1.
    """
    windows = count_windows(proposers, m)
    rows = streaks(proposers)
    if not windows:
        return {}
    whole = np.bincount(rows.proposers, np.maximum(rows.length - m + 1, 0), len(rows.names))
    return dict(zip(rows.names, (whole / windows).tolist(), strict=True))


def count_windows(proposers: Any, m: int) -> int:
    """How many windows of m blocks there are."""
    if m < 1:
        raise ValueError(f"m is {m}; it must be at least 1 block")
    return max(len(proposers) - m + 1, 0)
