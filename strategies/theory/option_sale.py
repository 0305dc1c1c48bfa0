"""A perpetual right sold to buyers with costs of their own: in cash at once, or under a contract on its exercise.

A seller who is paid in cash sells the right and is out of it. One that may contract on the exercise is paid at the
exercise, and lets the right be exercised later than its buyer would: at the threshold of the virtual strike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from strategies.theory.laws import Array, Law, refuse_atoms, refuse_few
from strategies.theory.order_statistics import expected_at_rank, rank_density
from strategies.theory.perpetual_option import PerpetualOption
from strategies.theory.quadrature import integral, last_true

GRID = 512


@dataclass(frozen=True)
class OptionSale:
    """A right to the reward that stands at `reward` now, for `buyers` whose costs are draws from `costs`.

    Source: Cong (2020), Timing of auctions of real options. ValueError for atoms or a law of costs whose virtual
    strike does not rise.
    """

    option: PerpetualOption
    costs: Law
    buyers: int
    reward: float

    def __post_init__(self) -> None:
        refuse_atoms(self.costs, "the sale of an option")
        refuse_few(self.buyers, 1, "buyers")
        grid = self.virtual_strike(self.costs.ppf(np.arange(1, GRID) / GRID))
        if not (np.diff(grid) > 0).all():
            raise ValueError("the virtual strike θ + F(θ)/f(θ) must rise with the cost")

    def virtual_strike(self, cost: npt.ArrayLike) -> Array:
        """ψ(θ) = θ + F(θ)/f(θ), unit of the costs; the shape of `cost`."""
        own = np.asarray(cost, dtype=np.float64)
        return np.asarray(own + self.costs.cdf(own) / self.costs.pdf(own))

    def threshold(self, cost: npt.ArrayLike) -> Array:
        """β/(β − 1) ψ(θ): the reward at which the contract lets the winner exercise; the shape of `cost`."""
        return self.option.threshold(self.virtual_strike(cost))

    @property
    def contract_revenue(self) -> float:
        """E (R_0/R*)^β (R* − ψ(θ_(1))), R* the threshold of the lowest cost: the most that any sale brings."""
        return expected_at_rank(self._virtual_worth, self.costs, self.buyers, 1)

    @property
    def cash_revenue(self) -> float:
        """What a sale in cash at once brings, with the best reserve: a second-price auction of the option's worth
        (Myerson 1981), a posted price where there is one buyer."""
        return self.cash_revenue_at(self.best_cut)

    def cash_revenue_at(self, cut: float) -> float:
        """The same where quantiles of cost up to `cut` reach the reserve: the winner pays the worth at the
        second-lowest cost, and at least the reserve."""
        reserve = float(self.worth(self.costs.ppf(cut)))
        alone = self.buyers * cut * (1 - cut) ** (self.buyers - 1) * reserve
        if self.buyers > 1:
            return alone + self._second_worth(cut)
        return alone

    @property
    def best_cut(self) -> float:
        """The quantile of cost up to which it pays to sell: q w(q) no longer rises there, w(q) the worth to it."""
        step = 1e-6

        def rises(quantile: Array) -> npt.NDArray[np.bool_]:
            low = np.maximum(quantile - step, 0.0)
            high = np.minimum(quantile + step, 1.0)
            gain = high * self.worth(self.costs.ppf(high)) - low * self.worth(self.costs.ppf(low))
            return np.asarray(gain > 0)

        return float(last_true(rises, ()))

    def worth(self, cost: npt.ArrayLike) -> Array:
        """What the right is worth to a buyer with that cost, who exercises as it likes."""
        return self.option.value(self.reward, cost)

    def _second_worth(self, cut: float) -> float:
        """E of the worth to the second-lowest cost, where its quantile is at most `cut`."""
        breaks = self.costs.breaks()
        edges = np.append(breaks[breaks < cut], cut)

        def paid(quantile: Array) -> Array:
            return self.worth(self.costs.ppf(quantile)) * rank_density(quantile, self.buyers, 2)

        return float(integral(paid, edges))

    def _virtual_worth(self, cost: Array) -> Array:
        return self.option.value(self.reward, self.virtual_strike(cost))
