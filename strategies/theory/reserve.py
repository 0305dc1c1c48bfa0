"""The reserve that earns a seller most, in the unit of the values."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from strategies.theory.buyer_types import Types
from strategies.theory.laws import Array, Law, refuse_atoms
from strategies.theory.quadrature import last_true

GRID = 512
TAIL = 1e-12
STEP = 1e-6


def optimal_reserve(law: Law, own_value: npt.ArrayLike = 0.0) -> Array:
    """The r with r − (1 − G(r))/g(r) = v_0, whatever the number of buyers; v_0 where all are worth less.

    `law` is G, the law of values, `own_value` v_0 what not selling is worth; shape of v_0. Where several r solve
    it, the one with the most (r − v_0)(1 − G(r)). Source: Myerson (1981), the regular case. ValueError for a law
    with atoms.
    """
    refuse_atoms(law, "the optimal reserve")
    own = np.asarray(own_value, dtype=np.float64)
    low, high = around_best(law, own)

    def falls_short(step: Array) -> npt.NDArray[np.bool_]:
        price = low + step * (high - low)
        with np.errstate(invalid="ignore"):  # a density without end where nobody is above
            return np.asarray((price - own) * law.pdf(price) < 1 - law.cdf(price))

    return np.asarray(low + last_true(falls_short, own.shape) * (high - low))


def around_best(law: Law, own: Array) -> tuple[Array, Array]:
    """Prices on either side of the one of `GRID` quantiles above v_0 with the most (r − v_0)(1 − G(r))."""
    least = law.cdf(own)[..., None]
    ends = np.array(law.support())
    bottom, top = np.where(np.isfinite(ends), ends, law.ppf([TAIL, 1 - TAIL]))
    inner = law.ppf(least + (1 - least) * np.arange(1, GRID) / GRID)
    first = np.maximum(own, bottom)[..., None]
    last = np.maximum(own, top)[..., None]
    price = np.concatenate((first, inner, last), axis=-1)
    best = np.argmax((price - own[..., None]) * (1 - law.cdf(price)), axis=-1)[..., None]
    low, high = (np.take_along_axis(price, np.clip(best + step, 0, GRID), axis=-1) for step in (-1, 1))
    return low[..., 0], high[..., 0]


def best_reserve(types: Types, own_value: npt.ArrayLike = 0.0) -> Array:
    """The same for buyers who all know their costs: the v(u) with the most u (v(u) − v_0); shape of v_0 and types.

    u v(u) is what a posted price brings from one buyer who accepts with chance u. Source: Bulow and Roberts
    (1989), Journal of Political Economy 97. ValueError where costs have atoms.
    """
    refuse_atoms(types.cost, "the optimal reserve")
    own = np.asarray(own_value, dtype=np.float64)[..., None]

    def gain(rank: Array) -> Array:
        return rank * (types.own_worth(rank) - own)

    best = np.argmax(gain(np.arange(1, GRID + 1) / GRID), axis=-1)[..., None]
    low, high = best / GRID, np.minimum((best + 2) / GRID, 1.0)

    def rises(part: Array) -> npt.NDArray[np.bool_]:
        rank = low + part * (high - low)
        return np.asarray(gain(np.minimum(rank + STEP, 1.0)) > gain(np.maximum(rank - STEP, 0.0)))

    rank = low + last_true(rises, low.shape) * (high - low)
    return np.maximum(types.own_worth(rank), own)[..., 0]
