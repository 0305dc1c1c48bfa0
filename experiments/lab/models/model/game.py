"""The solver's answers as a player asks for them: who enters, what they bid, whether to sell now.

For a ticket that matures at block T (`exercise = "at_maturity"`). Rewards, costs and bids are ETH of the block.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from experiments.lab.models.model.spec import Model
from experiments.lab.models.model.theory_terms import make_terms, public_state
from strategies.theory.bids import ranked_bid
from strategies.theory.crowd import Crowd, Thinned
from strategies.theory.expectation import RewardLaw
from strategies.theory.laws import Array, Law
from strategies.theory.public_state import PublicState
from strategies.theory.sale import uninformed_sale
from strategies.theory.stopping import EQUAL, Stopping, best_stopping
from strategies.theory.ticket_sale import SaleTable, SaleTerms, maturity_sales, plan_values


@dataclass(frozen=True)
class SolvedModel:
    """A solved model. Arrays of rewards R_t and of costs or ranks broadcast; a block is a number.

    A rank is F(θ) for a buyer who knows its cost: where F has no atoms it says all that there is to know.
    """

    terms: SaleTerms
    state: PublicState

    @property
    def costs(self) -> Law:
        """F, the law of θ."""
        return self.terms.cost

    @cached_property
    def table(self) -> SaleTable:
        """Sales at each block and state of the grid."""
        return maturity_sales(self.terms, self.state)

    @cached_property
    def stopping(self) -> Stopping:
        """The best policy on the grid."""
        horizons = np.full(self.terms.maturity + 1, float(self.terms.maturity))
        return best_stopping(self.state, self.table.values, self.terms.seller_rate, horizons)

    @cached_property
    def values(self) -> Array:
        """S(t), present values at block 0, shape (T + 1,)."""
        horizons = np.full(self.terms.maturity + 1, float(self.terms.maturity))
        return plan_values(self.state, self.table.values, self.terms.seller_rate, horizons)

    @cached_property
    def sale_block(self) -> int | None:
        """The block of sale where rewards are known from the start, else None."""
        if self.state.is_random():
            return None
        return int(np.argmax(self.values >= self.values.max() - EQUAL))

    def sells(self, block: int, reward: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Whether the best policy sells at a block at which the reward is R_t, the shape of `reward`."""
        if self.sale_block is not None:
            return np.full(np.shape(reward), block == self.sale_block)
        return self.stopping.sells(block, reward)

    def threshold(self, block: int, reward: npt.ArrayLike) -> Array:
        """The highest posterior mean cost that enters, nan where nobody does or entry is uninformed."""
        return self._at(self.table.threshold, block, reward)

    def probability(self, block: int, reward: npt.ArrayLike) -> Array:
        """The chance that a buyer on the threshold enters (uninformed entry: that any buyer does)."""
        return self._at(self.table.probability, block, reward)

    def last_rank(self, block: int, reward: npt.ArrayLike) -> Array:
        """The highest rank among all buyers that bids: costs are in order of rank."""
        return self._at(self.table.last, block, reward)

    def reserve(self, block: int, reward: npt.ArrayLike) -> Array:
        """The reserve."""
        return self._at(self.table.reserve, block, reward)

    def value(self, block: int, reward: npt.ArrayLike, cost: npt.ArrayLike) -> Array:
        """δ_B^(T−t) E[(R_T − θ)^+ | R_t]: what the ticket is worth to a buyer with cost θ."""
        law = self._law(block, reward)
        growth = (1 + self.terms.buyer_rate) ** (self.terms.maturity - block)
        return law.surplus(np.asarray(cost, dtype=np.float64)) / growth

    def first_price_bid(self, block: int, reward: npt.ArrayLike, cost: npt.ArrayLike) -> Array:
        """The equilibrium bid of buyers who know their costs, nan for those who stay out.

        `reward` has shape (…), `cost` (…, k), as the result.
        """
        seen = np.asarray(reward, dtype=np.float64)[..., None]

        def value_at(rank: Array) -> Array:
            return self.value(block, seen, self.costs.ppf(rank))

        rank = self.costs.cdf(cost)
        last = self.last_rank(block, seen)
        return ranked_bid(rank, value_at, self._rivals(block, seen), last, self.reserve(block, seen))

    def _rivals(self, block: int, reward: Array) -> Crowd:
        crowd = self.terms.crowd(slice(block, block + 1))
        if self.terms.rule is uninformed_sale:
            return Thinned(crowd, self.probability(block, reward))
        return crowd

    def _law(self, block: int, reward: npt.ArrayLike) -> RewardLaw:
        return self.state.given(block, np.asarray(reward, dtype=np.float64), self.terms.maturity)

    def _at(self, table: Array, block: int, reward: npt.ArrayLike) -> Array:
        seen = np.asarray(reward, dtype=np.float64)
        rewards = self.state.rewards[block]
        if rewards[0] == rewards[-1]:
            return np.full(seen.shape, table[block, 0])
        return np.asarray(np.interp(seen, rewards, table[block]))


def make_game(model: Model) -> SolvedModel:
    """The game of a model with `exercise = "at_maturity"` and rewards that have a law."""
    terms = make_terms(model)
    return SolvedModel(terms, public_state(model, terms.maturity))
