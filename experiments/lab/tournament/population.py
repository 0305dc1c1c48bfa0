"""Who survives in a population whose members earn what a tournament has measured."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from experiments.lab.config.extras import check_extra

Array = npt.NDArray[np.float64]

ALIVE = 1e-3  # share of a population from which an entrant has survived
TIMES = np.linspace(0, 200, 401)


def replicator(matrix: Array, start: Array | None = None) -> Array:
    """Shares of a population over time, times × entrants, from `start` on: dx_i/dt = x_i (f_i − x·f). Left out, it
    starts from even shares.

    Source: Taylor and Jonker (1978), by nashpy. Payoffs are scaled to [0, 1], so that time has no unit.
    """
    check_can_evolve()
    from nashpy import Game

    spread = matrix.max() - matrix.min()
    scaled = np.zeros_like(matrix)
    if spread:
        scaled = (matrix - matrix.min()) / spread
    if start is None:
        start = np.full(len(matrix), 1 / len(matrix))
    return np.asarray(Game(scaled).replicator_dynamics(y0=start, timepoints=TIMES))


def survivors(path: Array, labels: list[str]) -> dict[str, float]:
    """Who is left at the end, with its share."""
    return {label: float(share) for label, share in zip(labels, path[-1], strict=True) if share >= ALIVE}


def check_can_evolve() -> None:
    """Raises `InputError` where the library that does it is not installed."""
    check_extra("a population", "nashpy", "games")
