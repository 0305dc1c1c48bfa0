"""The better of two values along a grid of states, and where one overtakes the other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from strategies.theory.laws import Array


def best_of(now: Array, later: Array) -> Array:
    """max(now, later) along the states, axis 0, corrected for the kink where they cross.

    With nodes a step h apart the trapezoidal rule lacks h² B(λ)/2 times the jump of the slope, B(λ) =
    λ² − λ + 1/6, λ the place of the kink between its nodes: these two are given it. Source: Euler and
    Maclaurin's formula with a break, e.g. Lyness (1971), Math. of Computation 25.
    """
    gain = now - later
    crossing, place = crossings(gain)
    lack = np.where(crossing, np.abs(np.diff(gain, axis=0)) * (place**2 - place + 1 / 6) / 2, 0.0)
    best = np.array(np.maximum(now, later))
    best[:-1] += lack * (1 - place)
    best[1:] += lack * place
    return best


def crossings(gain: Array) -> tuple[npt.NDArray[np.bool_], Array]:
    """Between which nodes along axis 0 `gain` changes sign, and where between them, from 0 to 1."""
    here = gain[:-1]
    there = gain[1:]
    crossing = (here >= 0) != (there >= 0)
    return crossing, np.where(crossing, here / np.where(crossing, here - there, 1.0), 0.0)
