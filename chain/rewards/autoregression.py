"""First-order autoregression without a loop over time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def autoregress(shocks: Floats, pull: float | Floats, last: Floats) -> Floats:
    """`x_t = pull x_{t-1} + shocks_t` along the last axis, from `x = last` before the first.

    `last` has length 1 on that axis, as has `pull`. In each pass a sum reaches twice as far back
    (Hillis and Steele 1986, the data-parallel prefix sum), so n steps take log2 n passes.
    """
    x = shocks.copy()
    x[..., :1] += pull * last
    reach = 1
    while reach < x.shape[-1]:
        x[..., reach:] += np.power(pull, reach) * x[..., :-reach]
        reach *= 2
    return x
