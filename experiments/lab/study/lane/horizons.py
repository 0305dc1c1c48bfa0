"""How well a bid by what is public tells of a minute's value, and of that of many: MODEL section 9, Prediction."""

from __future__ import annotations

import numpy as np

from strategies.theory.laws import Array

HORIZONS = (1, 5, 15, 60)
PHI, SD = 0.386, 0.905
"""The autocorrelation of log V from one minute to the next, and the standard deviation of log V: with them a bid
one minute ahead tells .32 of the value without any signal."""


def closed_form(count: int, phi: float = PHI, sd: float = SD) -> float:
    """The correlation of sums over so many minutes of E[V | the minute before] and of V, log V an AR(1)."""
    apart = np.abs(np.subtract.outer(np.arange(count), np.arange(count)))
    ahead = np.abs(np.subtract.outer(np.arange(count) - 1, np.arange(count)))
    values = np.expm1(sd**2 * phi**apart).sum()
    bids = np.expm1(phi**2 * sd**2 * phi**apart).sum()
    both = np.expm1(phi * sd**2 * phi**ahead).sum()
    return float(both / np.sqrt(values * bids))


def simulated(bids: Array, values: Array, count: int) -> tuple[float, float]:
    """The same of a run, and its standard error by the jackknife over ten stretches; NaN for too few."""
    whole = bids.size // count
    if whole < 10:
        return float("nan"), float("nan")
    sums = np.array([part[: whole * count].reshape(whole, count).sum(axis=1) for part in (bids, values)])
    stretch = np.arange(whole) * 10 // whole
    left = [np.corrcoef(sums[:, stretch != one])[0, 1] for one in range(10)]
    return float(np.corrcoef(sums)[0, 1]), float(np.sqrt(9 * np.var(left)))
