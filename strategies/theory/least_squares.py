"""Optimal stopping from simulated or recorded paths by least squares.

Source: Longstaff and Schwartz (2001), Valuing American options by simulation, RFS 14.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from strategies.theory.laws import Array

Features = Callable[[int], Array]
"""What is known on each path at a block, shape (n, b); the first column is 1."""

ROUNDING = 1e-12
FLOOR = 1e-2


@dataclass(frozen=True)
class StoppingRule:
    """Stop at t where `gains`[t] · features ≥ 0, shape (T, b); at T in any case."""

    gains: Array

    def stops(self, block: int, features: Array) -> npt.NDArray[np.bool_]:
        """Whether to stop at a block on each path, shape (n,)."""
        if block == len(self.gains):
            return np.ones(len(features), dtype=np.bool_)
        return np.asarray(features @ self.gains[block] >= 0)


def regress(features: Array, targets: Array) -> Array:
    """Coefficients of least squares, shapes (n, b), (n, …) → (b, …); zero where there are no paths.

    Columns that say the same are no trouble: the smallest coefficients are taken.
    """
    if len(features) == 0:
        return np.zeros((features.shape[1], *targets.shape[1:]))
    return np.asarray(np.linalg.lstsq(features, targets, rcond=1e-10)[0])


def regress_positive(features: Array, targets: Array) -> Array:
    """Coefficients β of E[target] = exp(features · β), shapes (n, b), (n, …) → (b, …), for heavy tails.

    The logarithm is regressed and the mean restored by one factor. Source: Duan (1983), Smearing estimate, J. of
    the American Statistical Association 78. Targets below `FLOOR` of their mean count as that.
    """
    means = np.maximum(targets.mean(axis=0), np.finfo(float).tiny)
    coefficients = regress(features, np.log(np.maximum(targets, FLOOR * means)))
    coefficients[0] += np.log(means / np.exp(features @ coefficients).mean(axis=0))
    return coefficients


def fit(payoffs: Array, features: Features, allowed: npt.NDArray[np.bool_] | None = None) -> StoppingRule:
    """The rule that regression finds on these paths.

    `payoffs` are what stopping at each block brings, in present value, shape (n, T + 1); they may be known later
    only. `allowed` are the blocks at which stopping is of interest, same shape. What is regressed is the gain of
    stopping over following the rule from the next block on.
    """
    last = payoffs.shape[1] - 1
    cash = payoffs[:, last]
    rules = []
    for block in range(last - 1, -1, -1):
        known = features(block)
        rows = slice(None) if allowed is None else allowed[:, block]
        gain = payoffs[:, block] - cash
        rule = regress(known[rows], gain[rows])
        rule[0] += ROUNDING * np.abs(payoffs[:, block]).mean()
        stops = (known @ rule >= 0) & (True if allowed is None else allowed[:, block])
        cash = np.where(stops, payoffs[:, block], cash)
        rules.append(rule)
    return StoppingRule(np.array(rules[::-1]).reshape(last, features(last).shape[1]))


def stopped(
    rule: StoppingRule, last: int, features: Features, allowed: npt.NDArray[np.bool_] | None = None
) -> npt.NDArray[np.int64]:
    """The block at which the rule stops on each path, shape (n,): T where nowhere before."""
    block = np.full(len(features(last)), last)
    for t in range(last - 1, -1, -1):
        stops = rule.stops(t, features(t))
        if allowed is not None:
            stops &= allowed[:, t]
        block[stops] = t
    return block


def fit_waiting(payoffs: Array, features: Features) -> Array:
    """What waiting is worth at each block, as `regress_positive` has it, shape (T, b).

    For `payoffs` (n, T + 1) in present value that are known when they can be had.
    """
    last = payoffs.shape[1] - 1
    cash = payoffs[:, last]
    fits = []
    for block in range(last - 1, -1, -1):
        known = features(block)
        fits.append(regress_positive(known, cash))
        cash = np.where(payoffs[:, block] >= np.exp(known @ fits[-1]), payoffs[:, block], cash)
    return np.array(fits[::-1]).reshape(last, features(last).shape[1])


def earned_waiting(waiting: Array, payoffs: Array, features: Features) -> Array:
    """What each path brings where one stops once the payoff is at least what waiting is worth, shape (n,)."""
    earned = payoffs[:, -1]
    for block in range(len(waiting) - 1, -1, -1):
        stops = payoffs[:, block] >= np.exp(features(block) @ waiting[block])
        earned = np.where(stops, payoffs[:, block], earned)
    return earned


def mean_and_error(values: Array, clusters: npt.NDArray[np.int64]) -> tuple[float, float]:
    """The mean of paths and its standard error, from the means of `clusters` that are independent, shapes (n,)."""
    sizes = np.bincount(clusters)
    sums = np.bincount(clusters, weights=values)
    mean = float(values.mean())
    groups = int((sizes > 0).sum())
    residual = sums - mean * sizes
    return mean, float(np.sqrt(groups / (groups - 1) * (residual**2).sum()) / sizes.sum())
