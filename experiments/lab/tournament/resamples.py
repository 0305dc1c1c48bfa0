"""How sure the equilibria of a measured game are: they are sought again in resamples of its seeds."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from chain.randomness import Streams
from experiments.lab.tournament.equilibria import Support, equilibria_by_support, symmetric_equilibria

Array = npt.NDArray[np.float64]
Shares = dict[str, float]

RESAMPLES = 1_000
ENDS = (2.5, 97.5)  # percentiles of a share over the resamples
OFTEN = 0.05  # of the resamples, from which an equilibrium that the mean table has not is told


class FoundEquilibrium(NamedTuple):
    """A symmetric equilibrium of the mean table. It is found again where one among the same entrants is.

    `found_in` is the share of resamples in which it is; `low` and `high` hold 95 % of each entrant's share in
    these. All three are None with a single seed, of which there are no other samples.
    """

    shares: Shares
    found_in: float | None
    low: Shares | None
    high: Shares | None


class Alternative(NamedTuple):
    """An equilibrium among other entrants, which the mean table has not, and the share of resamples that have."""

    among: tuple[str, ...]
    found_in: float


class Equilibria(NamedTuple):
    """What a measured game's equilibria are, and what they may be."""

    found: tuple[FoundEquilibrium, ...]
    alternatives: tuple[Alternative, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "equilibria": [one._asdict() for one in self.found],
            "alternatives": [one._asdict() for one in self.alternatives],
        }


def equilibria(labels: list[str], against: Array, seed: int) -> Equilibria:
    """The symmetric equilibria of the mean of `against`, seeds × entrants × entrants, with how often each is found
    in resamples of the seeds. Raises `InputError` where there are too many entrants."""
    certain = symmetric_equilibria(against.mean(axis=0))
    if len(against) < 2:
        return Equilibria(tuple(FoundEquilibrium(named(labels, one), None, None, None) for one in certain), ())
    again = equilibria_by_support(resampled(against, seed))
    own = {tuple(np.flatnonzero(one).tolist()): one for one in certain}
    found = (equilibrium(labels, shares, again.get(support)) for support, shares in own.items())
    return Equilibria(tuple(found), alternatives(labels, again, set(own)))


def resampled(against: Array, seed: int) -> Array:
    """Mean tables of as many seeds as there are, drawn with replacement (Efron 1979): resamples × entrants ×
    entrants. `seed` names the stream of the draws."""
    seeds = len(against)
    generator = Streams(seed).generator("tournament", "resamples")
    times = generator.multinomial(seeds, np.full(seeds, 1 / seeds), size=RESAMPLES)
    return np.tensordot(times / seeds, against, axes=1)


def equilibrium(labels: list[str], shares: list[float], again: Array | None) -> FoundEquilibrium:
    """One that the mean table has, and what the resamples have of it."""
    if again is None:
        return FoundEquilibrium(named(labels, shares), 0.0, None, None)
    low, high = np.round(np.nanpercentile(again, ENDS, axis=0), 9).tolist()
    return FoundEquilibrium(named(labels, shares), share_of(again), named(labels, low), named(labels, high))


def alternatives(labels: list[str], again: dict[Support, Array], own: set[Support]) -> tuple[Alternative, ...]:
    """Those that many resamples have and the mean table has not, the most frequent first."""
    others = [
        Alternative(tuple(labels[number] for number in support), share_of(shares))
        for support, shares in again.items()
        if support not in own and share_of(shares) >= OFTEN
    ]
    return tuple(sorted(others, key=lambda one: -one.found_in))


def share_of(again: Array) -> float:
    """In which share of the resamples there is one."""
    return float((~np.isnan(again[:, 0])).mean())


def named(labels: list[str], shares: list[float]) -> Shares:
    """Shares by entrant."""
    return dict(zip(labels, shares, strict=True))
