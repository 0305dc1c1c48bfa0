"""What a ticket's block is expected to be worth to buyers with different costs, as the theory wants it: in ETH."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from chain.money import GWEI_PER_ETH
from chain.rewards import Outlook
from market.cost_laws import KnownCost, PublicCost
from strategies.law_in_eth import LawInEth
from strategies.theory.buyer_types import Types
from strategies.theory.laws import Array, Law, UniformLaw

PROBES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Places between the lowest and the highest cost at which two prospects are compared."""


class Worth(ABC):
    """What a ticket is worth by cost, ETH, and the `law` of buyers' costs. Two are equal where their keys are."""

    __slots__ = ("_key", "law")

    def __init__(self, law: Law) -> None:
        self.law = law
        self._key: tuple[object, ...] | None = None

    @abstractmethod
    def worth(self, cost_gwei: int) -> float:
        """The value at one cost, ETH."""

    @abstractmethod
    def types(self) -> Types:
        """The buyers, ranked from the best."""

    @abstractmethod
    def find_key(self) -> tuple[object, ...]:
        """What makes two equal."""

    @property
    def key(self) -> tuple[object, ...]:
        """The same, found once."""
        if self._key is None:
            self._key = self.find_key()
        return self._key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Worth) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


class Prospect(Worth):
    """E[(R − θ)^+] of one block by cost, given what is public.

    Two are equal where the laws are and the values at `PROBES`.
    """

    __slots__ = ("_block", "_outlook")

    def __init__(self, outlook: Outlook, block: int, law: Law) -> None:
        super().__init__(law)
        self._outlook = outlook
        self._block = block

    def __call__(self, cost: npt.ArrayLike) -> Array:
        """The values at costs in ETH, their shape."""
        costs = np.asarray(cost, dtype=np.float64)
        surplus = self._outlook.expected_surplus
        block = self._block
        values = [surplus(block, level) for level in (costs.ravel() * GWEI_PER_ETH).tolist()]
        return np.reshape(values, costs.shape) / GWEI_PER_ETH

    def worth(self, cost_gwei: int) -> float:
        """The value at one cost, ETH."""
        return self._outlook.expected_surplus(self._block, cost_gwei) / GWEI_PER_ETH

    @property
    def mean(self) -> float:
        """E[R], ETH."""
        return self._outlook.expected_reward(self._block) / GWEI_PER_ETH

    def types(self) -> Types:
        """The buyers. Where the reward is known their value bends at a cost of it."""
        return Types(self.law, self, bend=np.array([self.mean]))

    def find_key(self) -> tuple[object, ...]:
        low, high = self.law.support()
        costs = (GWEI_PER_ETH * (low + place * (high - low)) for place in PROBES)
        return (self.law, *(self._outlook.expected_surplus(self._block, cost) for cost in costs))


@lru_cache(maxsize=1024)
def types_of(prospect: Worth) -> Types:
    """The buyers of a ticket, ranked from the best."""
    return prospect.types()


def share_up_to(law: Law, cost_gwei: float) -> float:
    """F(θ) at one cost, Gwei."""
    if isinstance(law, UniformLaw) and law.high > law.low:  # without the overhead of arrays
        return min(max((cost_gwei / GWEI_PER_ETH - law.low) / (law.high - law.low), 0.0), 1.0)
    return float(law.cdf(cost_gwei / GWEI_PER_ETH))


def law_of(cost: PublicCost) -> Law:
    """A run's law of costs, in ETH."""
    if isinstance(cost, KnownCost):
        return LawInEth(cost.known)
    return UniformLaw(cost.low / GWEI_PER_ETH, cost.high / GWEI_PER_ETH)
