"""τ and σ of two bidders from two figures: how far apart their bids are, and what these tell of the value.

V is lognormal with mean 1, the log's standard deviation τ; each bidder sees log V + σ z and loses θ, uniform on
[0, h], of what it makes. Nobody resells, and each bids what is left to it if the other one's signal ties with its
own. Source: MODEL section 9, P10.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy import optimize

from strategies.theory.laws import Array
from strategies.theory.signalled_value import LognormalPrior, SignalledValue

BUYERS = 2
READINGS = ("median", "mean", "ratio_of_sums")
"""What a published share of the top bid may be: of the ratio its median or its mean, or a ratio of sums."""

STARTS = ((0.9, 2.7), (0.7, 2.0), (1.1, 3.5), (0.9, 1.2))
"""τ and σ from which a solution is looked for: the larger of two that are as far apart (P10)."""


PLACES, WEIGHTS = np.polynomial.hermite_e.hermegauss(24)
"""That stand for a normal law, and their weights."""


class LaneSignals(NamedTuple):
    """τ of log V, and σ of what a bidder sees of it; the standard deviation of the log of a factor of V with mean
    1 that nobody sees before it is there."""

    value_sd: float
    noise: float
    unseen: float = 0.0


def kept(value: Array, private: float) -> Array:
    """E[(V − θ)^+] at each V: what it brings one bidder."""
    if private == 0:
        return value
    return np.where(value < private, value**2 / (2 * private), value - private / 2)


def resold(value: Array, private: float) -> Array:
    """E[(V − θ_(2))^+] at each V, θ_(2) the higher cost of the two: what it brings when it is sold on."""
    if private == 0:
        return value
    return np.where(value < private, value**3 / (3 * private**2), value - 2 * private / 3)


Part = Callable[[Array, float], Array]
"""What a minute brings at each V, and a private part."""


def brought(part: Part, signals: LaneSignals, value: Array, private: float) -> Array:
    """The same at what is seen of V, on average over what is not."""
    if signals.unseen == 0:
        return part(value, private)
    factors = np.exp(signals.unseen * PLACES - signals.unseen**2 / 2)
    levels = [part(value * factor, private) for factor in factors]
    return np.asarray(np.average(levels, axis=0, weights=WEIGHTS))


def sale(signals: LaneSignals, private: float) -> SignalledValue:
    """The sale before anybody resold, bids in shares of E V."""
    prior = LognormalPrior(signals.value_sd)
    return SignalledValue(
        prior, signals.noise, BUYERS, lambda log_value: brought(kept, signals, np.exp(log_value), private)
    )


def correlation(sold: SignalledValue) -> float:
    """Of the price and V."""
    values = sold.prior.log_value[:, None]
    worth = np.exp(values)

    def paid(place: Array) -> Array:
        return sold.bid_at_second(values + sold.noise * place)

    mean, square = sold.over_values(paid), sold.over_values(lambda place: paid(place) ** 2)
    both = sold.over_values(lambda place: paid(place) * worth)
    spread = sold.prior.chance @ np.exp(2 * sold.prior.log_value) - 1
    return float((both - mean) / np.sqrt((square - mean**2) * spread))


@lru_cache(maxsize=64)
def calibrated(share: float, told: float, private: float = 0.0, read_as: str = "median") -> LaneSignals:
    """The τ and σ at which the price is `share` of the top bid, read as one of `READINGS`, and its correlation
    with V is `told`. ValueError where there are none."""

    def misses(logs: Array) -> Array:
        sold = sale(LaneSignals(*np.exp(logs).tolist()), private)
        return np.array([getattr(sold.paid_over_top, read_as) - share, correlation(sold) - told])

    for start in STARTS:
        found = optimize.root(misses, np.log(start), tol=1e-10)
        if np.abs(found.fun).max() < 1e-7:
            return LaneSignals(*np.exp(found.x).tolist())
    raise ValueError(f"no signals make the price {share} of the top bid and its correlation with V {told}")
