"""S(t): what a sale at each block brings the holder of a ticket of fixed maturity. Present values in ETH."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from strategies.theory.buyer_types import Types
from strategies.theory.crowd import Crowd, Fixed
from strategies.theory.laws import Array, refuse_few
from strategies.theory.sale import Rule, informed_sale, uninformed_sale

EQUAL = 1e-12


def at_start(maturity: int) -> Array:
    """Every buyer knows its cost from block 0: shares of informed buyers at blocks 0 … T."""
    return np.ones(maturity + 1)


def gradual(maturity: int) -> Array:
    """By block t a buyer has learned its cost with chance t/T: shares at blocks 0 … T."""
    return np.append(np.arange(maturity) / max(maturity, 1), 1.0)


def at_maturity(maturity: int) -> Array:
    """Nobody knows the own cost before block T: shares at blocks 0 … T."""
    return np.append(np.zeros(maturity), 1.0)


INFORMATION: dict[str, Callable[[int], Array]] = {
    "at_start": at_start,
    "gradual": gradual,
    "at_maturity": at_maturity,
}


@dataclass(frozen=True)
class SaleModel:
    """A ticket for block T and n buyers, sold once in a second-price auction at a block t ≤ T.

    `types` carry the value at T, whose law does not change with the block; `informed` the share of buyers who
    know their costs at blocks 0 … T, shape (T + 1,). `entry_cost` and `reserve` are paid at the block of the
    sale. `kept` = E[(R_T − θ_S)^+] is the holder's own value at T, 0 where it cannot exploit a block; at T
    the reserve is at least that. ValueError names what is out of range.
    """

    types: Types
    informed: Array
    buyers: int
    seller_rate: float
    buyer_rate: float
    entry_cost: float = 0.0
    reserve: float = 0.0
    kept: float = 0.0
    blocks: Array = field(init=False)

    def __post_init__(self) -> None:
        refuse_few(self.buyers, 1, "buyers")
        if min(self.seller_rate, self.buyer_rate) <= -1:
            raise ValueError(f"a discount rate must be above -1, not {min(self.seller_rate, self.buyer_rate)}")
        if min(self.entry_cost, self.reserve, self.kept) < 0:
            raise ValueError("entry cost, reserve and the holder's own value must not be negative")
        object.__setattr__(self, "blocks", np.arange(self.informed.size, dtype=np.float64))

    @property
    def maturity(self) -> int:
        return self.informed.size - 1

    @property
    def growth(self) -> Array:
        """ETH at maturity that weigh as much as one at each block to a buyer: (1 + d_B)^(T−t), shape (T + 1,)."""
        return np.asarray((1 + self.buyer_rate) ** (self.maturity - self.blocks))

    @property
    def reserves(self) -> Array:
        """Reserve at each block in ETH of the block, shape (T + 1,)."""
        return np.append(np.full(self.maturity, self.reserve), max(self.reserve, self.kept))

    @property
    def crowd(self) -> Crowd:
        return Fixed(self.buyers)


@dataclass(frozen=True)
class SaleValues:
    """For each block 0 … T, shape (T + 1,): what a sale brings and who takes part.

    `values` S(t); `thresholds` the highest cost that enters, nan where nobody does or entry is uninformed;
    `probabilities` the chance that a buyer on the threshold enters (uninformed: that any does); `entry` the
    chance that any one buyer enters; `unsold` the chance that no bid reaches the reserve.
    """

    values: Array
    thresholds: Array
    probabilities: Array
    entry: Array
    unsold: Array

    @property
    def optimal_block(self) -> int:
        """The best block, the earliest among equals within 1e-12."""
        return int(np.argmax(self.values >= self.values.max() - EQUAL))

    @property
    def value(self) -> float:
        """V_0 = max S(t), ETH."""
        return float(self.values.max())

    @property
    def spot_value(self) -> float:
        """S(T), the spot auction at maturity, ETH."""
        return float(self.values[-1])

    @property
    def equivalence_gap(self) -> float:
        """V_0 less the spot value, ETH."""
        return self.value - self.spot_value


def informed_sale_values(model: SaleModel) -> SaleValues:
    """S(t) where buyers decide on their posterior means whether to sink K."""
    return sale_values(model, informed_sale)


def uninformed_sale_values(model: SaleModel) -> SaleValues:
    """S(t) where buyers learn their costs after sinking K; ValueError where some do not know their costs."""
    return sale_values(model, uninformed_sale)


def sale_values(model: SaleModel, rule: Rule) -> SaleValues:
    """S(t) = δ_S^t δ_B^(T−t) revenue + δ_S^T kept where no one buys, who enters by `rule`."""
    growth = model.growth
    sale = rule(
        model.types,
        model.informed[:, None],
        model.crowd,
        model.entry_cost * growth,
        model.reserves * growth,
    )
    seller = (1 + model.seller_rate) ** -model.blocks
    values = seller * sale.revenue / growth + seller[-1] * model.kept * sale.unsold
    return SaleValues(np.asarray(values), sale.threshold, sale.probability, sale.entry, sale.unsold)


def constant_reward(reward: float) -> Callable[[npt.ArrayLike], Array]:
    """worth(θ) = (R − θ)^+ for a reward known from the start, ETH."""
    return lambda cost: np.maximum(reward - np.asarray(cost), 0.0)
