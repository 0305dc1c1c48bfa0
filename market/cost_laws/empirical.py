"""θ one of some values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
from annotated_types import MinLen

from chain.money import GWEI_PER_ETH
from chain.rewards.parameter import Eth
from market.cost_laws.cost_law import CostLaw

Values = Annotated[tuple[Eth, ...], MinLen(1)]


@dataclass(frozen=True)
class EmpiricalCosts(CostLaw):
    """θ one of `values`, ETH, all equally likely."""

    values: Annotated[Values, "equally likely values of θ, ETH"]

    @property
    def atoms_gwei(self) -> tuple[float, ...]:  # type: ignore[override]
        """All values."""
        return tuple(np.unique(self._sorted).tolist())

    @property
    def mean_gwei(self) -> float:
        """E[θ], Gwei."""
        return float(self._sorted.mean())

    def sample(self, rng: np.random.Generator, size: int) -> Any:
        """So many draws, Gwei."""
        return rng.choice(self._sorted, size)

    def quantile_gwei(self, share: npt.ArrayLike) -> Any:
        """The cost that a share of all draws do not exceed, Gwei."""
        count = len(self.values)
        places = np.ceil(np.asarray(share) * count - 1e-9).astype(int) - 1
        return self._sorted[np.clip(places, 0, count - 1)]

    @property
    def _sorted(self) -> npt.NDArray[np.float64]:
        return GWEI_PER_ETH * np.sort(np.asarray(self.values, dtype=np.float64))
