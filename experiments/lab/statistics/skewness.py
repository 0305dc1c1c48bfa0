"""Where Student's interval of a mean is rough: the sample is too small for how skewed it is.

The chance of missing the mean grows with the square of the skewness γ, over n (Hall 1992, section 2.6): n > 25 γ²
keeps it to 6 % in place of 5 % (Cochran 1977, section 2.15). The γ of a sample is itself uncertain, by
`sqrt(6 n (n − 1) / ((n − 2)(n + 1)(n + 3)))` where the law is normal. A figure that is one draw a run has to show
that it is not skewed: its γ counts with one standard error more. A mean over many blocks is next to normal: its
sample has to show that it is skewed all the same, and its γ counts with 1.645 standard errors less.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import stats

Values = npt.NDArray[np.float64]

COCHRAN = 25
BENEFIT = 1.645  # standard errors: a twentieth of normal samples lie further up
LEAST = 3  # values that have a skewness


def draws_are_rough(values: Values) -> bool:
    """Whether the interval of the mean is rough, of values of which each is one draw."""
    if len(values) < LEAST:
        return True
    return is_too_skewed(abs(skewness(values)) + skewness_error(len(values)), len(values))


def means_are_rough(values: Values) -> bool:
    """The same of values of which each is a mean over many blocks."""
    if len(values) < LEAST:
        return False
    return is_too_skewed(abs(skewness(values)) - BENEFIT * skewness_error(len(values)), len(values))


def is_too_skewed(skew: float, count: int) -> bool:
    """Cochran's rule."""
    return COCHRAN * max(skew, 0.0) ** 2 >= count


def skewness(values: Values) -> float:
    """G1, the adjusted coefficient of Fisher and Pearson; 0 where all values are alike."""
    if np.ptp(values) == 0:
        return 0.0
    return float(stats.skew(values, bias=False))


def skewness_error(count: int) -> float:
    """The standard deviation of G1 in normal samples of `count` ≥ 3."""
    return float((6 * count * (count - 1) / ((count - 2) * (count + 1) * (count + 3))) ** 0.5)
