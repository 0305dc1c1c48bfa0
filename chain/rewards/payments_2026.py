"""The law of MEV-Boost payments in 2026: the shares of payments above 72 amounts, joined by straight lines.

935,314 delivered payments, 21 February – 10 July 2026, read off the figures of the public artifact
su200-1/epbs-two-gates-artifact (MIT licence). Amounts are ETH. Median .0103, mean .0284: a fifth of the level of
2023–24, with the same shape.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from chain.rewards.payment_law import NORMAL, PaymentLaw, Values

SURVIVAL = (
    (0.0013741797, 0.99913826), (0.0016675434, 0.99880789), (0.0020235352, 0.99810652), (0.0022290898, 0.9974137),
    (0.0024555251, 0.99623335), (0.0027049621, 0.99419126), (0.0029797374, 0.99089076), (0.0032824249, 0.9855988),
    (0.00361586, 0.97735947), (0.003983166, 0.96461295), (0.0043877837, 0.94517456), (0.0048335033, 0.91713692),
    (0.0053245, 0.87979117), (0.005865373, 0.8332421), (0.006461189, 0.77946337), (0.0071175291, 0.72103379),
    (0.0078405415, 0.66073426), (0.0086369989, 0.60130929), (0.0095143619, 0.54411246), (0.01048085, 0.49010279),
    (0.011545514, 0.44050875), (0.01271833, 0.39540839), (0.014010283, 0.35498881), (0.015433474, 0.31931629),
    (0.017001237, 0.28711641), (0.018728254, 0.25814966), (0.020630708, 0.23183551), (0.022726414, 0.20764898),
    (0.025035007, 0.18583385), (0.027578113, 0.16573792), (0.030379551, 0.14766057), (0.033465564, 0.13110891),
    (0.036865062, 0.11599206), (0.040609886, 0.10225336), (0.044735117, 0.08991205), (0.049279396, 0.07879279),
    (0.054285294, 0.06907627), (0.059799699, 0.06045456), (0.065874268, 0.05288812), (0.072565904, 0.04613852),
    (0.079937289, 0.04039071), (0.088057475, 0.03542019), (0.097002523, 0.03097676), (0.10685623, 0.02708502),
    (0.12966819, 0.02077805), (0.15735011, 0.0160823), (0.19094165, 0.0124247), (0.2317044, 0.00971225),
    (0.2811693, 0.00759959), (0.3411941, 0.00598622), (0.41403317, 0.00472889), (0.50242211, 0.00371961),
    (0.60968058, 0.00286535), (0.73983687, 0.00224523), (0.89777929, 0.00176625), (1.0894397, 0.00137601),
    (1.3220163, 0.00106274), (1.604244, 0.00082539), (1.9467225, 0.00064684), (2.3623142, 0.00050357),
    (2.8666275, 0.00041163), (3.4786031, 0.00031113), (4.2212249, 0.00025125), (5.1223837, 0.00019779),
    (6.2159243, 0.00016144), (7.5429171, 0.00012295), (9.1531999, 9.622e-05), (11.10725, 7.698e-05),
    (16.355875, 4.384e-05), (29.226353, 2.887e-05), (52.224642, 1.3899e-05), (102.8, 5.3458e-06),
)  # fmt: skip
"""Payment, and the share of payments above it."""

BODY_INDEX = 1.67719
"""Below the first point the share of lower payments falls with this power, that of the first two points."""

TAIL_INDEX = 1.17575
"""Pareto index of the last ten points, by least squares on logs: beyond the last one they end."""

MEAN = 0.0284
"""The mean of the payments, ETH, and of the law."""

TAPER = 936.192
"""r_c, ETH: beyond the last point, s, `P(R > r)` is its share times `(r / s)^−TAIL_INDEX exp(−(r − s) / r_c)`.

r_c is such that the mean is the one stated with the points, .0284. Up to the last point it is .0275; without the
taper it would be .0307, with sums in the tail that were never paid.
"""

_POINTS: Values = np.array(SURVIVAL)
_PAYMENTS, _SHARES = _POINTS[:, 0], _POINTS[:, 1]
_LOGS, _LOG_SHARES = np.log(_PAYMENTS), np.log(_SHARES)
_SLOPES = np.diff(_LOG_SHARES) / np.diff(_LOGS)
_LOWEST, _STEP = -10.0, 0.001


class Payments2026(PaymentLaw):
    """The law from February to July 2026."""

    def nodes(self) -> Values:
        """The points, where the slope jumps, and a fine grid between and beyond them."""
        fine = np.arange(_LOWEST, math.log(60 * TAPER), _STEP)
        return np.sort(np.concatenate([fine, _LOGS]))

    def scores(self, log_payments: Values) -> Values:
        first, last = np.searchsorted(log_payments, [_LOGS[0], _LOGS[-1]])
        below = shares_below(log_payments[:first])
        above = np.concatenate([shares_above(log_payments[first:last]), tail_shares(log_payments[last:])])
        return np.concatenate([of_each(NORMAL.inv_cdf, below), -of_each(NORMAL.inv_cdf, above)])


def shares_below(log_payments: Values) -> Values:
    """P(R < r) below the first point."""
    return (1 - float(_SHARES[0])) * exp(BODY_INDEX * (log_payments - _LOGS[0]))


def shares_above(log_payments: Values) -> Values:
    """P(R > r) from the first point to the last."""
    piece = np.searchsorted(_LOGS, log_payments, side="right") - 1
    return exp(_SLOPES[piece] * (log_payments - _LOGS[piece]) + _LOG_SHARES[piece])


def tail_shares(log_payments: Values) -> Values:
    """P(R > r) from the last point on."""
    excess = exp(log_payments) - _PAYMENTS[-1]
    return float(_SHARES[-1]) * exp(-TAIL_INDEX * (log_payments - _LOGS[-1]) - excess / TAPER)


def exp(powers: Values) -> Values:
    """e to each power as the C library has it; numpy's own differs in the last digit, and so would the rewards."""
    return of_each(math.exp, powers)


def of_each(function: Callable[[float], float], numbers: Values) -> Values:
    """A function of Python's own of each number."""
    return np.fromiter(map(function, numbers.tolist()), float, len(numbers))


PAYMENTS_2026 = Payments2026()
