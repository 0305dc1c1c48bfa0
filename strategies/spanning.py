"""What is expected of any smooth function of a block's surplus, by the surpluses over costs that an outlook gives.

Source: Carr and Madan (2001), Optimal positioning in derivative securities, with the mean as the point that the
function is expanded about.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from chain.rewards import Outlook
from strategies.theory.laws import Array

TOP = 16.0
"""Means of the surplus up to which outcomes are weighed."""

_PLACE, _SHARE = np.polynomial.legendre.leggauss(32)
_UNIT = (_PLACE + 1) / 2
_BELOW = _UNIT**2  # closer together near 0
_ABOVE = 1 + (TOP - 1) * _UNIT**2  # closer together near the mean
_LEVELS = np.concatenate([_BELOW, _ABOVE])
_STEPS = np.concatenate([_UNIT * _SHARE, (TOP - 1) * _UNIT * _SHARE])
_ROUNDING = 1e-12
"""Of the mean: less than this is the rounding of a difference."""


class Spanned(NamedTuple):
    """X = (R − θ)^+ of a block, Gwei. With `m` its mean, E f(X) = f(m) + Σ `weights` f''(`levels`)."""

    mean: float
    levels: Array
    weights: Array


@lru_cache(maxsize=1024)
def spanned(outlook: Outlook, block: int, cost_gwei: float) -> Spanned:
    """∫₀^m E(x − X)^+ f'' dx + ∫_m^∞ E(X − x)^+ f'' dx by Gauss–Legendre on each side."""
    mean = outlook.expected_surplus(block, cost_gwei)
    levels = mean * _LEVELS
    beyond = np.array([outlook.expected_surplus(block, cost_gwei + level) for level in levels.tolist()])
    off = beyond - np.maximum(mean - levels, 0.0)
    off[off < _ROUNDING * mean] = 0.0
    return Spanned(mean, levels, off * mean * _STEPS)
