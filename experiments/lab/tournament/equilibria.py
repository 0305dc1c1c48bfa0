"""The symmetric Nash equilibria of a game of two, of one table of payoffs or of many at once.

`tables[g, i, j]` is what i earns in game g where the other plays j. Each equilibrium is sought by its support,
those who are played in it: among them all earn the same, and nobody else earns more (support enumeration; von
Stengel 2007, in *Algorithmic Game Theory*, ch. 3).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import numpy.typing as npt

from experiments.lab.config.errors import InputError

Array = npt.NDArray[np.float64]
Support = tuple[int, ...]

MOST = 10  # entrants up to which supports are enumerated
TOLERANCE = 1e-9  # of the spread of a table
DIGITS = 12  # of a table between 0 and 1: entrants that are equal but for the last bit are equal


def symmetric_equilibria(table: Array) -> list[list[float]]:
    """The symmetric equilibria of one table, entrants × entrants, each a share for every entrant.

    Raises `InputError` where there are too many entrants.
    """
    found = equilibria_by_support(table[np.newaxis])
    return [np.round(shares[0], 9).tolist() for shares in found.values()]


def equilibria_by_support(tables: Array) -> dict[Support, Array]:
    """For each support that carries an equilibrium of any game its shares, games × entrants; NaN in the games of
    which it carries none, or a continuum. Raises `InputError`."""
    count = tables.shape[1]
    if count > MOST:
        raise InputError(f"--entrants: equilibria are sought among at most {MOST}; enter fewer")
    scaled = between_0_and_1(tables)
    found = {support: shares_on(scaled, support) for support in supports(count)}
    return {support: shares for support, shares in found.items() if not np.isnan(shares).all()}


def supports(count: int) -> Iterator[Support]:
    """All groups of entrants, the smallest first."""
    for size in range(1, count + 1):
        yield from combinations(range(count), size)


def between_0_and_1(tables: Array) -> Array:
    """The tables with their lowest payoff at 0 and their highest at 1, which leaves the equilibria as they are."""
    low = tables.min(axis=(1, 2), keepdims=True)
    spread = tables.max(axis=(1, 2), keepdims=True) - low
    return np.asarray(np.round((tables - low) / np.where(spread > 0, spread, 1.0), DIGITS))


def shares_on(tables: Array, support: Support) -> Array:
    """The equilibrium on a support, games × entrants; NaN in games without."""
    shares = np.zeros(tables.shape[:2])
    shares[:, support] = indifferent(tables[:, support][:, :, support])
    earned = np.einsum("gij,gj->gi", tables, shares)
    reached = earned[:, support[:1]]
    carries = (shares[:, support] > TOLERANCE).all(axis=1)
    carries &= np.abs(earned[:, support] - reached).max(axis=1) <= TOLERANCE
    carries &= (earned <= reached + TOLERANCE).all(axis=1)
    return np.where(carries[:, np.newaxis], shares, np.nan)


def indifferent(tables: Array) -> Array:
    """The shares, adding up to 1, against which all earn the same, games × entrants; NaN where that is no single
    mix."""
    games, size, _ = tables.shape
    equations = np.zeros((games, size + 1, size + 1))
    equations[:, :size, :size] = tables
    equations[:, :size, size] = -1
    equations[:, size, :size] = 1
    single = np.linalg.det(equations) != 0
    right_side = np.zeros((int(single.sum()), size + 1, 1))
    right_side[:, size] = 1
    shares = np.full((games, size), np.nan)
    shares[single] = np.linalg.solve(equations[single], right_side)[:, :size, 0]
    return shares
