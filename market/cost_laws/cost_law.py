"""What a law of θ is, and what everyone knows of it."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from chain.drawn_law import DrawnLaw, amounts
from chain.rewards.process import MAX_GWEI
from market.cost_laws.known_cost import KnownCost

Gwei = npt.NDArray[np.int64]


class PublicCost(Protocol):
    """The law of θ as everyone knows it, Gwei. `low` and `high` are the ends of its support."""

    @property
    def low(self) -> int: ...

    @property
    def high(self) -> int: ...

    @property
    def mean(self) -> float: ...

    def is_lumpy(self) -> bool:
        """Whether some value has a probability of its own, and there are others."""
        ...

    def whole(self, rng: np.random.Generator, count: int) -> Gwei:
        """So many draws in whole Gwei."""
        ...

    def quantile(self, share: float) -> float:
        """The cost that a share of all draws do not exceed."""
        ...

    def share_below(self, cost: float) -> float:
        """The share of draws at or below `cost`: F(θ)."""
        ...


class CostLaw(DrawnLaw):
    """Costs that are independent draws of one law; every account has a copy and a stream of its own."""

    in_eth: Any = None
    """The law as scipy has it, frozen, ETH; None where that is of no use, or the law has atoms."""

    @property
    def public(self) -> PublicCost:
        """What everyone knows of it."""
        return KnownCost(self.known)

    def whole(self, rng: np.random.Generator, count: int) -> Gwei:
        """So many draws in whole Gwei. Raises `RuleBroken` for what no cost can be."""
        drawn = amounts(self.sample(rng, count), count)
        return np.minimum(np.rint(drawn), MAX_GWEI).astype(np.int64)
