"""The same reward in every block."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from chain.money import eth_to_gwei
from chain.rewards.independent import Independent
from chain.rewards.parameter import Eth, require_amount


@dataclass(frozen=True)
class Constant(Independent):
    """Every block earns `value` ETH. Raises `ValueError` unless it is finite and 0 or more."""

    value: Annotated[Eth, "the reward of every block, ETH"] = 0.1

    def __post_init__(self) -> None:
        require_amount("value", self.value)

    @classmethod
    def usual_eth(cls, parameters: Mapping[str, Any]) -> float:
        return float(parameters["value"])

    @property
    def mean_gwei(self) -> float:
        """The reward in Gwei."""
        return float(eth_to_gwei(self.value))

    def surplus_gwei(self, cost_gwei: float) -> float:
        """`max(R - cost_gwei, 0)` in Gwei."""
        return max(self.mean_gwei - cost_gwei, 0.0)

    def sample(self, rng: np.random.Generator, size: int) -> NDArray[np.float64]:  # noqa: ARG002
        """The reward in Gwei, `size` times; nothing is drawn."""
        return np.full(size, self.mean_gwei)
