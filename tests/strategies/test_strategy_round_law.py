"""What a round is worth to a buyer, as others see it; and who asks and bids by that."""

from __future__ import annotations

import numpy as np
import pytest

from chain.money import GWEI_PER_ETH
from chain.rewards import Constant, Lognormal
from chain.ticket import Series
from experiments import run
from market.cost_laws import UniformCost
from strategies.buyers.first_price_equilibrium import FirstPriceEquilibrium
from strategies.round_law import best_price, best_rival, law_of_sum
from strategies.sellers.take_it_or_leave_it import TakeItOrLeaveIt
from tests.strategies import views

UNIT = UniformCost(0, GWEI_PER_ETH)
AFTER = Constant(1.0).start(np.random.default_rng(0)).outlook(10, GWEI_PER_ETH)
"""Each block is worth U[0, 1] ETH to a buyer."""


def of(blocks: int, dates=(1.0,) * 10):
    return law_of_sum(AFTER, tuple(range(12, 12 + blocks)), tuple(dates[:blocks]), UNIT)


@pytest.mark.parametrize(("blocks", "price"), [(1, 0.5), (2, np.sqrt(2 / 3))])
def test_the_price_to_name_for_a_sum_of_uniform_values(blocks, price):
    """r (1 − r), and r (1 − r²/2) below 1."""
    law = of(blocks)
    assert best_price(law) / GWEI_PER_ETH == pytest.approx(price, abs=0.01)
    assert law.mean == pytest.approx(blocks * GWEI_PER_ETH / 2, rel=1e-6)


@pytest.mark.parametrize(("value", "rivals", "bid"), [(1.0, 1, 2 / 3), (0.6, 1, 0.4), (1.0, 2, 0.8)])
def test_a_bid_where_one_pays_as_bid_and_two_uniform_values_are_summed(value, rivals, bid):
    """v − ∫ (x/v)^(2(n−1)) dx for v up to 1."""
    assert best_rival(of(2), value * GWEI_PER_ETH, rivals) / GWEI_PER_ETH == pytest.approx(bid, abs=1e-3)


def test_later_blocks_are_worth_less_and_unlike_ones_are_summed():
    dates = (1.0, 0.8, 0.64)
    assert of(3, dates).mean == pytest.approx(sum(dates) / 2 * GWEI_PER_ETH, rel=1e-6)
    spread = of(3, dates).variance / GWEI_PER_ETH**2
    assert spread == pytest.approx(sum(date**2 for date in dates) / 12, rel=1e-3)
    known = law_of_sum(AFTER, (12, 13), (1.0, 1.0), UniformCost(5, 5))
    assert best_price(known) == 2 * (GWEI_PER_ETH - 5)


@pytest.mark.parametrize("kind", [TakeItOrLeaveIt, FirstPriceEquilibrium])
def test_what_is_left_of_a_round_at_its_last_block_is_priced_like_a_block(kind):
    law = Lognormal(0.1, 0.9)
    outlook = law.start(np.random.default_rng(0)).outlook(10, GWEI_PER_ETH)
    view = views.view(costs_gwei=(10**7,) * 9)
    view = view._replace(market=view.market._replace(outlook=outlook))
    player, alone = kind(), kind()
    player.start(views.setup(draw="maturity", round=3, cost=UniformCost(0, 2 * 10**7)))
    alone.start(views.setup(draw="maturity", cost=UniformCost(0, 2 * 10**7)))
    assert priced(player, view, Series(True, 14)) == priced(alone, view, Series(True, 14))
    assert priced(player, view, Series(True, 13)) > 1.8 * priced(alone, view, Series(True, 14))


def priced(player, view, series: Series) -> float:
    if isinstance(player, TakeItOrLeaveIt):
        return player.price(view, series)
    return player.best_rival(view, series, player.value(view, series))


@pytest.mark.slow
def test_rounds_at_first_price_bring_what_they_do_at_second_price():
    """Revenue equivalence, U[0, 1], n = 2, B = 2: E S_(2) = 2 × .383333 (MODEL section 9)."""
    config = {
        "blocks": 3000,
        "chain": {"draw": "maturity", "maturity": 0, "supply": 1, "round": 2},
        "reward": {"process": "constant", "value": 1.0},
        "cost": {"low": 0.0, "high": 1.0},
        "market": {"structure": "et", "primary": "first_price", "pbs": "off"},
        "agents": [{"strategy": "first_price_equilibrium", "role": "buyer", "count": 2, "endowment_eth": 1e5}],
    }
    price = run(config, signatures="off").rounds.price_gwei.to_numpy(float) / GWEI_PER_ETH
    assert abs(price.mean() - 2 * 0.383333) <= 4 * price.std() / np.sqrt(price.size)


def test_who_names_one_price_for_a_round_asks_it_of_what_is_left_after_each_block():
    """U[0, 1]: the r at which 8r³ − 27r² + 18r + 3 = 0 for three blocks, √(2/3) for two, 1/2 for one."""
    seller = {"strategy": "take_it_or_leave_it", "role": "seller"}
    config = {
        "blocks": 3,
        "chain": {"draw": "maturity", "maturity": 0, "supply": 1, "round": 3},
        "reward": {"process": "constant", "value": 1.0},
        "cost": {"low": 0.0, "high": 1.0},
        "agents": [seller, {"strategy": "truthful", "role": "buyer", "endowment_eth": 0.0, "count": 2}],
    }
    asked = run(config, signatures="off").orders.price_gwei.to_numpy(float) / GWEI_PER_ETH
    assert asked == pytest.approx([1.1621, np.sqrt(2 / 3), 0.5], abs=0.005)
