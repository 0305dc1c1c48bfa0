"""The law of MEV-Boost payments in 2023 and 2024: a mixture of three lognormals with a tapered Pareto tail.

Fitted to the 1,178,041 payments of blocks 18,320,000 … 19,619,999 (10 October 2023 – 9 April 2024) of the
public data set mevboost-data (CC0). Every figure is a constant below; amounts are ETH. The law's quantiles are
within 5 % of the data's from 1 % to 99.9 %, its mean is theirs.
"""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np

from chain.rewards.payment_law import NORMAL, PaymentLaw, Values, score_above

MIXTURE = ((0.415145, -3.35557, 0.544072), (0.530030, -2.57223, 0.749585), (0.054825, -1.18591, 1.3721))
"""Weight, mean and standard deviation of log payment of each lognormal."""

TAIL_START = 1.67956
"""Where the tail begins, ETH: the 99.5 % quantile."""

TAIL_SHARE = 0.005
"""The share of payments in the tail."""

TAIL_INDEX = 1.27846
"""Pareto index of the tail before it is tapered."""

MEAN = 0.122561
"""The mean of the payments, ETH, and of the law."""

TAPER = 1511.03
"""r_c, ETH: `P(R > r) = TAIL_SHARE (r / TAIL_START)^−TAIL_INDEX exp(−(r − TAIL_START) / r_c)`.

Without it the tail would go on to sums that do not exist: 2.6 % of the mean would lie in blocks above 10,000 ETH,
where the largest of 1.2 million payments was 566. r_c is such that the mean is that of the payments, .122561.
"""

_LOG_START = math.log(TAIL_START)
_LOWEST = -14.0
_STEP = 0.001
_SQRT2 = math.sqrt(2)


class Payments2023(PaymentLaw):
    """The law from October 2023 to April 2024."""

    def nodes(self) -> Values:
        """A node lies at the joint of body and tail, where the slope jumps."""
        body = np.arange(_LOG_START, _LOWEST, -_STEP)[::-1]
        tail = np.arange(_LOG_START + _STEP, math.log(60 * TAPER), _STEP)
        return np.concatenate([body, tail])

    def scores(self, log_payments: Values) -> Values:
        return np.array([self._score(log) for log in log_payments.tolist()])

    def _score(self, log_payment: float) -> float:
        if log_payment < _LOG_START:
            return NORMAL.inv_cdf(mixture_cdf(log_payment) * self._body_scale)
        return score_above(tail_share(math.exp(log_payment)))

    @cached_property
    def _body_scale(self) -> float:
        """What makes body and tail meet: the mixture alone has 99.41 % below `TAIL_START`, not 99.5 %."""
        return (1 - TAIL_SHARE) / mixture_cdf(_LOG_START)


def mixture_cdf(log_payment: float) -> float:
    """The share of the mixture below a log payment."""
    return sum(w * math.erfc((mu - log_payment) / (sd * _SQRT2)) for w, mu, sd in MIXTURE) / 2


def tail_share(payment: float) -> float:
    """P(R > payment) in the tail, the payment in ETH."""
    excess = payment - TAIL_START
    return TAIL_SHARE * math.exp(-TAIL_INDEX * math.log(payment / TAIL_START) - excess / TAPER)


PAYMENTS_2023 = Payments2023()
