"""S(t): what a sale at each block brings the holder of a ticket of fixed maturity. Present values in ETH."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from strategies.theory.auction import Auction, second_price_auction
from strategies.theory.buyer_types import Types
from strategies.theory.entry import bidder_counts, bidder_profit, binomial, informed_entry, uninformed_entry
from strategies.theory.laws import Array, refuse_few

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
    def edges(self) -> Array:
        """Ranks between which value is smooth, shape (T + 1, pieces + 1)."""
        edges = self.types.edges(self.informed[:, None])
        return np.broadcast_to(edges, (self.maturity + 1, edges.shape[-1]))

    def value_at(self, rank: Array) -> Array:
        """Value at maturity at ranks of shape (T + 1, …), ETH."""
        return self.types.value_at(rank, self.informed.reshape(-1, *[1] * (rank.ndim - 1)))


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
    """S(t) where buyers decide on their posterior means whether to sink K.

    Source: MODEL section 4, after Samuelson (1985).
    """
    growth, reserve = model.growth, model.reserves * model.growth
    last = informed_entry(model.value_at, model.buyers, model.entry_cost * growth, reserve)
    auction = second_price_auction(model.value_at, model.edges, model.buyers, last, reserve)
    costs = model.types.cost_at(last[:, None], model.informed[:, None])[:, 0]
    equals = model.types.share_of_atom(last, model.informed[:, None])
    return SaleValues(
        values=present_value(model, auction),
        thresholds=np.where(last > 0, costs, np.nan),
        probabilities=np.where(last > 0, equals, 0.0),
        entry=last,
        unsold=auction.unsold,
    )


def uninformed_sale_values(model: SaleModel) -> SaleValues:
    """S(t) where buyers learn their costs after sinking K. Source: MODEL section 4, Levin and Smith (1994).

    ValueError where some buyers do not know their costs at some block.
    """
    if (model.informed < 1).any():
        raise ValueError("uninformed entry needs costs that are known once entered: cost_information at_start")
    reserve = (model.reserves * model.growth)[:, None]
    by_count = bidder_counts(model.value_at, model.edges[:, None, :], model.buyers, reserve)
    chance = uninformed_entry(bidder_profit(by_count), model.entry_cost * model.growth)
    auction = mixture(by_count, binomial(model.buyers, chance))
    nobody = np.full(chance.shape, np.nan)
    return SaleValues(present_value(model, auction), nobody, chance, chance, auction.unsold)


def mixture(by_count: Auction, chances: Array) -> Auction:
    """The mean of auctions over the number of bidders, both of shape (…, n + 1)."""
    parts = (by_count.revenue, by_count.welfare, by_count.unsold)
    revenue, welfare, unsold = ((part * chances).sum(axis=-1) for part in parts)
    return Auction(revenue, welfare, unsold)


def present_value(model: SaleModel, auction: Auction) -> Array:
    """δ_S^t δ_B^(T−t) revenue + δ_S^T kept where no one buys, shape (T + 1,)."""
    seller = (1 + model.seller_rate) ** -model.blocks
    return np.asarray(seller * auction.revenue / model.growth + seller[-1] * model.kept * auction.unsold)


ENTRY: dict[str, Callable[[SaleModel], SaleValues]] = {
    "informed": informed_sale_values,
    "uninformed": uninformed_sale_values,
}


def constant_reward(reward: float) -> Callable[[npt.ArrayLike], Array]:
    """worth(θ) = (R − θ)^+ for a reward known from the start, ETH."""
    return lambda cost: np.maximum(reward - np.asarray(cost), 0.0)
