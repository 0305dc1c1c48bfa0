"""The game among the entrants that a tournament has measured: its equilibria, and who survives in a population."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import numpy.typing as npt

from experiments.lab.config.errors import InputError

Array = npt.NDArray[np.float64]

MOST = 10  # entrants up to which supports are enumerated
ALIVE = 1e-3  # share of a population from which an entrant has survived
TIMES = np.linspace(0, 200, 401)
TOLERANCE = 1e-6


def symmetric_equilibria(matrix: Array) -> list[list[float]]:
    """The symmetric Nash equilibria, each a share for every entrant, found by support enumeration (nashpy).

    `matrix[i, j]` is what i earns where the others play j. In a market of more than two seats this is the game
    against a population of one kind. Raises `InputError` where nashpy is not installed or there are too many.
    """
    if len(matrix) > MOST:
        raise InputError(f"--entrants: equilibria are sought among at most {MOST}; enter fewer")
    game = nashpy().Game(matrix, matrix.T)
    found: list[list[float]] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an even number of equilibria: a degenerate game, and still equilibria
        for row, column in game.support_enumeration(tol=0):
            is_new = all(not np.allclose(row, old, atol=TOLERANCE) for old in found)
            if np.allclose(row, column, atol=TOLERANCE) and np.isfinite(row).all() and is_new:
                found.append(np.round(row, 9).tolist())
    return found


def replicator(matrix: Array) -> Array:
    """Shares of a population over time, times × entrants, from even shares on: dx_i/dt = x_i (f_i − x·f).

    Source: Taylor and Jonker (1978), by nashpy. Payoffs are scaled to [0, 1], so that time has no unit.
    """
    spread = matrix.max() - matrix.min()
    scaled = np.zeros_like(matrix)
    if spread:
        scaled = (matrix - matrix.min()) / spread
    even = np.full(len(matrix), 1 / len(matrix))
    return np.asarray(nashpy().Game(scaled).replicator_dynamics(y0=even, timepoints=TIMES))


def survivors(path: Array, labels: list[str]) -> dict[str, float]:
    """Who is left at the end, with its share."""
    return {label: float(share) for label, share in zip(labels, path[-1], strict=True) if share >= ALIVE}


def nashpy() -> Any:
    """The library. Raises `InputError` where it is not installed."""
    try:
        import nashpy as library
    except ImportError:
        raise InputError("equilibria need nashpy; pip install 'et-testbed[games]'") from None
    return library
