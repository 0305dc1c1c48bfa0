"""How many buyers there are: a number known to all, or as many as have arrived.

Buyers are ranked from the best, 0, to the worst, 1. A rank u has shape (…, k), with which numbers broadcast.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy import special

from strategies.theory.laws import Array

TAIL = 12.0


class Crowd(Protocol):
    """The law of the number of buyers, thinned to those that rank up to u."""

    def nobody(self, rank: Array) -> Array:
        """The chance that no buyer ranks up to u."""
        ...

    def lone(self, rank: Array) -> Array:
        """The chance that exactly one does."""
        ...

    def unrivalled(self, rank: Array) -> Array:
        """The chance that a given buyer has no rival who ranks up to u."""
        ...

    def best(self, rank: Array) -> Array:
        """Density of the best buyer's rank."""
        ...

    def second(self, rank: Array) -> Array:
        """Density of the second-best buyer's rank."""
        ...

    def rival(self, rank: Array) -> Array:
        """Density of the rank of a given buyer's best rival."""
        ...

    @property
    def most(self) -> int:
        """A number of buyers that is not, or hardly ever, exceeded."""
        ...

    def entrants(self, chance: Array) -> Array:
        """Chances of 0 … `most` entrants where each enters with `chance`, shapes (…, 1) → (…, most + 1)."""
        ...

    def rivals(self, chance: Array) -> Array:
        """Chances of 0 … `most` − 1 rivals of a given entrant, shapes (…, 1) → (…, most)."""
        ...


@dataclass(frozen=True)
class Fixed:
    """`size` buyers, as everyone knows. Source: Krishna (2010), appendix C."""

    size: int

    def nobody(self, rank: Array) -> Array:
        return np.asarray((1 - rank) ** self.size)

    def lone(self, rank: Array) -> Array:
        return np.asarray(self.size * rank * self.unrivalled(rank))

    def unrivalled(self, rank: Array) -> Array:
        return np.asarray((1 - rank) ** max(self.size - 1, 0))

    def best(self, rank: Array) -> Array:
        return self.size * self.unrivalled(rank)

    def second(self, rank: Array) -> Array:
        pairs = self.size * (self.size - 1)
        return np.asarray(pairs * rank * (1 - rank) ** max(self.size - 2, 0))

    def rival(self, rank: Array) -> Array:
        return Fixed(self.size - 1).best(rank)

    @property
    def most(self) -> int:
        return self.size

    def entrants(self, chance: Array) -> Array:
        return binomial(self.size, chance)

    def rivals(self, chance: Array) -> Array:
        return binomial(self.size - 1, chance)


@dataclass(frozen=True)
class Arrived:
    """A Poisson number of buyers with mean Λ = `mean`, shape (…, 1): those who rank up to u are Poisson(Λ u).

    A buyer who is there sees Poisson(Λ) rivals. Source: Kingman (1993), Poisson processes: thinning.
    """

    mean: Array

    def nobody(self, rank: Array) -> Array:
        return np.asarray(np.exp(-self.mean * rank))

    def lone(self, rank: Array) -> Array:
        return np.asarray(self.mean * rank * np.exp(-self.mean * rank))

    def unrivalled(self, rank: Array) -> Array:
        return self.nobody(rank)

    def best(self, rank: Array) -> Array:
        return np.asarray(self.mean * np.exp(-self.mean * rank))

    def second(self, rank: Array) -> Array:
        return np.asarray(self.mean**2 * rank * np.exp(-self.mean * rank))

    def rival(self, rank: Array) -> Array:
        return self.best(rank)

    @property
    def most(self) -> int:
        largest = float(np.max(self.mean))
        return int(np.ceil(largest + TAIL * np.sqrt(largest) + TAIL))

    def entrants(self, chance: Array) -> Array:
        return poisson(self.most, self.mean * chance)

    def rivals(self, chance: Array) -> Array:
        return poisson(self.most - 1, self.mean * chance)


@dataclass(frozen=True)
class Thinned:
    """Those of `crowd` who enter, each with `chance`, shape (…, 1), whatever their rank."""

    crowd: Crowd
    chance: Array

    def nobody(self, rank: Array) -> Array:
        return self.crowd.nobody(self.chance * rank)

    def lone(self, rank: Array) -> Array:
        return self.crowd.lone(self.chance * rank)

    def unrivalled(self, rank: Array) -> Array:
        return self.crowd.unrivalled(self.chance * rank)

    def best(self, rank: Array) -> Array:
        return self.chance * self.crowd.best(self.chance * rank)

    def second(self, rank: Array) -> Array:
        return self.chance * self.crowd.second(self.chance * rank)

    def rival(self, rank: Array) -> Array:
        return self.chance * self.crowd.rival(self.chance * rank)

    @property
    def most(self) -> int:
        return self.crowd.most

    def entrants(self, chance: Array) -> Array:
        return self.crowd.entrants(self.chance * chance)

    def rivals(self, chance: Array) -> Array:
        return self.crowd.rivals(self.chance * chance)


def binomial(trials: int, chance: Array) -> Array:
    """Chances of 0 … n successes, shapes (…, 1) → (…, n + 1)."""
    wins = np.arange(trials + 1)
    likelihood = special.xlogy(wins, chance) + special.xlog1py(trials - wins, -chance)
    return np.asarray(special.comb(trials, wins) * np.exp(likelihood))


def poisson(most: int, mean: Array) -> Array:
    """Chances of 0 … `most`, shapes (…, 1) → (…, most + 1)."""
    count = np.arange(most + 1)
    return np.asarray(np.exp(special.xlogy(count, mean) - mean - special.gammaln(count + 1)))
