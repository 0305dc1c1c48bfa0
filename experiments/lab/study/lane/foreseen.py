"""Where a part of a minute's value is public, and another that nobody foresees: V = F W U, independent, means 1.

log V less log U is an autoregression from minute to minute with autocorrelation φ and standard deviation τ: of F,
what the last minute tells all, the log has φ τ, of W τ √(1 − φ²), and signals are of log W. Private parts, costs
and the reserve are shares of F, so that the bids of a minute are F times those of one without it. Set by hand are
φ and τ; σ and the part that nobody foresees are what the two figures make them. Source: MODEL section 9, P10.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import optimize

from experiments.lab.study.lane.lane_calibration import LaneSignals, sale
from strategies.theory.laws import Array
from strategies.theory.signalled_value import SignalledValue

NOISES = {"large": ((3.0, 1.0), (2.0, 0.5), (4.5, 0.3)), "small": ((0.5, 1.2), (0.7, 1.0), (0.35, 1.5))}
"""σ and the log's deviation of what nobody foresees, from which a solution is looked for: two σ bring bids equally
far apart."""

LARGE = 1.2
"""Of τ: from it on σ is called large, up to it small; it lies between the two."""


class Foreseen(NamedTuple):
    """φ and τ."""

    phi: float
    sd: float

    @property
    def news_sd(self) -> float:
        """Of log W."""
        return float(self.sd * np.sqrt(1 - self.phi**2))

    def told(self, sold: SignalledValue, unseen: float) -> float:
        """The correlation of the price and V, bids F times those of `sold`."""
        values = sold.prior.log_value[:, None]

        def paid(place: Array) -> Array:
            return sold.bid_at_second(values + sold.noise * place)

        mean, square = sold.over_values(paid), sold.over_values(lambda place: paid(place) ** 2)
        both = sold.over_values(lambda place: paid(place) * np.exp(values))
        public = np.exp((self.phi * self.sd) ** 2)  # E F²
        spread = np.expm1(self.sd**2 + unseen**2)
        return float((public * both - mean) / np.sqrt((public * square - mean**2) * spread))

    def calibrated(self, share: float, told: float, private: float, noise: str) -> LaneSignals | None:
        """σ and the part that nobody foresees, so that the median of paid / top is `share`, and `told` what it
        tells of V; None where there are none with that `noise`, "large" or "small"."""

        def misses(terms: Array) -> Array:
            sigma, unseen = np.exp(terms[0]), abs(terms[1])
            sold = sale(LaneSignals(self.news_sd, float(sigma), float(unseen)), private)
            return np.array([sold.paid_over_top.median - share, self.told(sold, float(unseen)) - told])

        for sigma, unseen in NOISES[noise]:
            found = optimize.root(misses, np.array([np.log(sigma), unseen]), tol=1e-8, options={"maxfev": 40})
            is_large = np.exp(found.x[0]) > LARGE * self.news_sd
            if np.abs(found.fun).max() < 1e-6 and is_large == (noise == "large"):
                return LaneSignals(self.news_sd, float(np.exp(found.x[0])), float(abs(found.x[1])))
        return None
