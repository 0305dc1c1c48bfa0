"""A law of MEV-Boost payments: its quantiles as a table over normal scores. Amounts are ETH."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

NORMAL = NormalDist()


class PaymentLaw(ABC):
    """Payments by the normal score, the z at which the standard normal has the same quantile.

    A law says at which payments its table has nodes, and what the score of each is.
    """

    @abstractmethod
    def nodes(self) -> Values:
        """Log payments, rising, so close that a straight line between two is exact to 1e-6."""

    @abstractmethod
    def scores(self, log_payments: Values) -> Values:
        """The normal scores of log payments, which rise."""

    def normal_score(self, payment_eth: float) -> float:
        """The z at which the standard normal has the same quantile as `payment_eth` has among payments."""
        return float(self.scores(np.log([payment_eth]))[0])

    def payments_at(self, scores: Values) -> Values:
        """The payment in ETH at each normal score, within 1e-6 of it; beyond the last node, that of the node."""
        return np.exp(np.interp(scores, *self._table))

    @cached_property
    def _table(self) -> tuple[Values, Values]:
        logs = self.nodes()
        return self.scores(logs), logs


def score_above(share_above: float) -> float:
    """The z above which the standard normal has `share_above`.

    From the upper tail itself: 1 − Φ(z) taken as a difference has no digits left at z = 8.
    """
    return -NORMAL.inv_cdf(share_above)
