"""A right that is sold first and sold again by whoever won it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from strategies.theory.before_or_after import late_price_with_reserve
from strategies.theory.laws import Array, Law, refuse_atoms, refuse_few
from strategies.theory.order_statistics import kth_highest
from strategies.theory.quadrature import integral, nodes_between
from strategies.theory.reserve import optimal_reserve


@dataclass(frozen=True)
class AheadOfTime:
    """A slot sold before values are known. `keeps` is a chance; the rest in the unit of the values.

    `holding` and `losing` are what winning and losing the first sale are worth before its price.
    """

    keeps: float
    holding: float
    losing: float
    welfare: float
    spot_price: float
    best_welfare: float

    @property
    def price(self) -> float:
        """What an ascending auction ahead of time brings: the value of holding less that of losing."""
        return self.holding - self.losing


def sold_ahead(law: Law, buyers: int) -> AheadOfTime:
    """n alike buyers; the winner learns its value, then keeps the slot or auctions it with its own reserve.

    Source: Pai and Resnick (2024) for U[0, 1]; here any regular `law` of values with bounded support,
    the reserve after Myerson (1981). ValueError for atoms, an unbounded law or fewer than two buyers.
    """
    refuse_atoms(law, "resale with the optimal reserve")
    refuse_few(buyers, 2, "buyers")
    quantile, weight = nodes_between(law.breaks())
    value, rivals = law.ppf(quantile), buyers - 1
    reserve = optimal_reserve(law, value)
    kept = law.cdf(reserve) ** rivals
    sold = np.array([late_price_with_reserve(law, rivals, price) for price in reserve])
    best = np.array([best_above(law, rivals, price) for price in reserve])
    holding, welfare = float((value * kept + sold) @ weight), float((value * kept + best) @ weight)
    return AheadOfTime(
        keeps=float(kept @ weight),
        holding=holding,
        losing=(welfare - holding) / rivals,
        welfare=welfare,
        spot_price=kth_highest(law, buyers, 2),
        best_welfare=kth_highest(law, buyers, 1),
    )


def best_above(law: Law, buyers: int, reserve: float) -> float:
    """E[v_(1) 1{v_(1) ≥ r}] = r (1 − G(r)^n) + ∫_r^hi (1 − G^n) ds. Source: Krishna (2010), appendix C."""
    edges = np.maximum(np.array(law.support()), reserve)
    above = integral(lambda value: 1 - law.cdf(value) ** buyers, edges)
    return float(reserve * (1 - law.cdf(reserve) ** buyers) + above)


@dataclass(frozen=True)
class WeakAndStrong:
    """First price between U[0, a_w] and U[0, a_s], a_w ≤ a_s; the winner may make the loser one offer.

    Source: Hafalir and Krishna (2008), uniform values. ValueError unless 0 < a_w ≤ a_s.
    """

    weak: float
    strong: float

    def __post_init__(self) -> None:
        if not 0 < self.weak <= self.strong:
            raise ValueError(f"needs 0 < weak <= strong, not {self.weak} and {self.strong}")

    @property
    def both(self) -> float:
        return self.weak + self.strong

    def bid(self, quantile: npt.ArrayLike) -> Array:
        """(a_w + a_s) q/4, either buyer's bid at the quantile q of its own value."""
        return self.both * np.asarray(quantile, dtype=np.float64) / 4

    def offer(self, quantile: npt.ArrayLike) -> Array:
        """The price (a_w + a_s) q/2 at which a weak winner at quantile q offers the right to the strong loser."""
        return self.both * np.asarray(quantile, dtype=np.float64) / 2

    @property
    def revenue(self) -> float:
        """(a_w + a_s)/6, the expected higher bid."""
        return self.both / 6

    @property
    def resale_chance(self) -> float:
        """(a_s − a_w)/(4 a_s)."""
        return (self.strong - self.weak) / (4 * self.strong)

    @property
    def second_price_revenue(self) -> float:
        """a_w/2 − a_w²/(6 a_s), the expected lower value: nothing is resold."""
        return self.weak / 2 - self.weak**2 / (6 * self.strong)

    @property
    def best_welfare(self) -> float:
        """The expected higher value."""
        return self.both / 2 - self.second_price_revenue

    @property
    def welfare(self) -> float:
        """The expected value of the last owner: (a_s − a_w)²/(24 a_s) is lost where the offer is too high."""
        return self.best_welfare - (self.strong - self.weak) ** 2 / (24 * self.strong)

    def weak_profit(self, value: npt.ArrayLike, as_quantile: npt.ArrayLike) -> Array:
        """Expected profit of the weak buyer who bids as at quantile z: z (v − b(z)) + ((a_s z − v)^+)²/(4 a_s)."""
        worth = np.asarray(value, dtype=np.float64)
        place = np.asarray(as_quantile, dtype=np.float64)
        resold = np.maximum(self.strong * place - worth, 0) ** 2 / (4 * self.strong)
        return place * (worth - self.bid(place)) + resold

    def strong_profit(self, value: npt.ArrayLike, as_quantile: npt.ArrayLike) -> Array:
        """The same of the strong buyer, who is offered the right where it loses to a weak buyer at y > z.

        z (v − b(z)) + ((a_w z − v)^+)²/(4 a_w) + ∫_z^1 (v − offer(y))^+ dy.
        """
        worth = np.asarray(value, dtype=np.float64)
        place = np.asarray(as_quantile, dtype=np.float64)
        resold = np.maximum(self.weak * place - worth, 0) ** 2 / (4 * self.weak)
        last = np.clip(2 * worth / self.both, place, 1.0)
        bought = worth * (last - place) - self.both * (last**2 - place**2) / 4
        return place * (worth - self.bid(place)) + resold + bought
