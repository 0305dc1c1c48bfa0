"""How concentrated holdings and proposals are.

`shares` is how much each holder has: blocks proposed, tickets held, or money; in any unit, in any order. A
holder who has nothing may be in it, and matters to `gini` alone. A share below 0 raises `ValueError`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from experiments.lab.metrics.averages import mean, ratio
from experiments.lab.metrics.columns import Columns, Floats, Integers, coded, numbers


def counts(names: Any) -> Integers:
    """How often each name occurs: blocks by proposer. What is missing is left out."""
    codes, known = coded(names)
    return np.bincount(codes[codes >= 0], minlength=len(known)).astype(np.int64)


def hhi(shares: Any) -> float | None:
    """Herfindahl–Hirschman index, 0 to 10,000: Σ (100 share)²; None where there is nothing to share.

    10,000 is a single holder, 10,000 / n is n equal ones (Herfindahl 1950; the scale is that of the US
    Department of Justice's merger guidelines).
    """
    held = descending(shares)[::-1].astype(float)
    whole = held.sum()
    if whole:
        return float(10_000 * (held**2).sum() / whole**2)
    return None


def nakamoto(shares: Any) -> int | None:
    """The least number of holders who have more than half together (Srinivasan and Lee 2017); None where there
    is nothing to share.
    """
    held = descending(shares)
    if held.sum():
        return int(np.searchsorted(np.cumsum(held), held.sum() / 2, side="right")) + 1
    return None


def nakamoto_51(shares: Any) -> int | None:
    """The least number of holders who have at least 51 % together; None where there is nothing to share."""
    held = descending(shares)
    if held.sum():
        return int(np.searchsorted(100 * np.cumsum(held), 51 * held.sum())) + 1
    return None


def descending(shares: Any) -> Any:
    """Shares, the greatest first. Raises `ValueError` for one below 0 or missing."""
    held = np.sort(np.asarray(shares))[::-1]
    if not (held >= 0).all():
        raise ValueError(f"shares are {held.tolist()}; give each holder a number of at least 0")
    return held


def top_share(shares: Any) -> float | None:
    """The share of the holder who has most: max / Σ."""
    held = descending(shares)
    if held.size:
        return ratio(held[0], held.sum())
    return None


def gini(shares: Any) -> float | None:
    """Gini coefficient (1912), 0 (all have the same) to 1 − 1/n (one has all): Σ_i (2i − n − 1) x_(i) / (n Σ
    x), with x_(1) ≤ … ≤ x_(n).
    """
    held = descending(shares)[::-1].astype(float)
    weights = 2 * np.arange(1, held.size + 1) - held.size - 1
    if held.sum():
        return float((weights * held).sum() / (held.size * held.sum()))
    return None


class Window(NamedTuple):
    """What was measured over some blocks, from `first` on."""

    first: int
    value: float | None


def over_time(names: Any, window: int, measure: Callable[[Integers], float | None] = hhi) -> list[Window]:
    """A measure of concentration by window of blocks. `names`: the proposer of block 0, 1, …

    The last window may be shorter. Raises `ValueError` for a window of less than one block.
    """
    if window < 1:
        raise ValueError(f"window is {window}; it must be at least 1 block")
    proposers = list(names)
    starts = range(0, len(proposers), window)
    return [Window(first, measure(counts(proposers[first : first + window]))) for first in starts]


def hhi_of_holdings(blocks: Columns) -> Floats:
    """The HHI of ticket holdings at the end of every slot, unsold tickets left out; NaN where none is held."""
    held = numbers(blocks["held"])
    index = np.full(len(blocks["held"]), np.nan)
    np.divide(10_000 * numbers(blocks["squares"]), held**2, out=index, where=held > 0)
    return index


def mean_hhi_of_holdings(blocks: Columns) -> float | None:
    """The mean over slots of the HHI of ticket holdings, slots in which nothing is held left out."""
    return mean(hhi_of_holdings(blocks))


def mean_holdings(transfers: Columns, blocks: int, protocol: str = "protocol") -> dict[str, float]:
    """The tickets that each participant held at the end of a slot, mean over `blocks` slots.

    Everyone is in it who ever held a ticket; genesis counts for slot 0.
    """
    since = blocks - np.maximum(numbers(transfers["slot"]), 0)
    held: Counter[str] = Counter()
    for column, sign in (("taker", 1), ("giver", -1)):
        codes, names = coded(transfers[column])
        there = codes >= 0
        times = np.bincount(codes[there], since[there], len(names))
        for name, time in zip(names, times.tolist(), strict=True):
            held[name] += sign * time
    return {name: time / blocks for name, time in held.items() if name != protocol}
