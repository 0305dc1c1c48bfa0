"""What a block brings over the cost of the best or second best, against adaptive integrals and closed forms."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy import integrate, special

from chain.rewards import Constant, Exponential, Lognormal, MevBoost, MevBoost2026, Outlook, RewardPath, Uniform
from market.cost_laws import UniformCost
from strategies.ranked_cost import RankedCost, average_surplus, second_best, typical
from tests.strategies.views import SLOT, Certain

COST = UniformCost(0, 20_000_000)
MEAN_COST = 10_000_000
BUYERS = (1, 2, 3, 5, 20, 100)


def outlook(process) -> Outlook:
    return RewardPath(process, np.random.default_rng(1)).outlook()


def exact(seen: Outlook, cost: RankedCost, block: int = 3) -> float:
    """E[(R − θ)^+] by adaptive integrals over 400 pieces of the costs."""
    first, second = cost.rank, cost.draws + 1 - cost.rank
    whole = special.beta(first, second)
    ends = np.linspace(0, 1, 401)

    def left(share: float) -> float:
        density = share ** (first - 1) * (1 - share) ** (second - 1) / whole
        return seen.expected_surplus(block, cost.law.quantile(share)) * density

    return sum(integrate.quad(left, low, high, epsabs=1e-3, epsrel=1e-11)[0] for low, high in pairwise(ends))


@pytest.mark.parametrize("buyers", [2, 3, 5, 20, 100])
def test_where_every_block_is_worth_exploiting_only_the_mean_of_the_second_lowest_counts(buyers):
    """E θ_(2) = lo + 2 (hi − lo)/(n + 1), to 1e-12."""
    law = UniformCost(1_000_000, 21_000_000)
    second = 1_000_000 + 2 * 20_000_000 / (buyers + 1)
    found = average_surplus(outlook(Constant(0.1)), 3, second_best(law, buyers))
    assert found == pytest.approx(100_000_000 - second, rel=1e-12)


def test_a_lone_buyer_has_its_own_cost():
    assert second_best(COST, 1) == typical(COST)
    assert average_surplus(outlook(Constant(0.1)), 3, typical(COST)) == pytest.approx(90_000_000, rel=1e-12)


BENT = {
    "known": Constant(0.0123),
    "uniform": Uniform(0.005, 0.015),
    "exponential": Exponential(0.01),
    "narrow": Lognormal(0.01, 0.02),
    "lognormal": Lognormal(0.01, 0.5),
    "mevboost": MevBoost(),
    "mevboost_2026": MevBoost2026(scale=0.3),
}


@pytest.mark.parametrize("buyers", BUYERS)
@pytest.mark.parametrize("process", BENT.values(), ids=BENT)
def test_where_costs_may_exceed_rewards_it_is_within_a_ten_thousandth_of_the_mean_cost(process, buyers):
    seen, cost = outlook(process), second_best(COST, buyers)
    assert abs(average_surplus(seen, 3, cost) - exact(seen, cost)) < 1e-4 * MEAN_COST


@pytest.mark.parametrize("reward", [0, 300, 799, 800, 5000])
def test_a_revealed_reward_counts_as_it_is(reward):
    """E (R − θ)^+ = R²/1600 up to 800, R − 400 from there on, θ uniform on 0 … 800."""
    seen = Certain(SLOT, reward)
    expected = reward**2 / 1600 if reward < 800 else reward - 400
    assert average_surplus(seen, SLOT, typical(UniformCost(0, 800))) == pytest.approx(expected, rel=1e-9)


def test_a_cost_without_spread_is_that_cost():
    assert average_surplus(outlook(Constant(0.1)), 3, second_best(UniformCost(7, 7), 4)) == pytest.approx(
        99_999_993
    )
    assert average_surplus(outlook(Constant(1e-9)), 3, second_best(UniformCost(7, 7), 4)) == 0
