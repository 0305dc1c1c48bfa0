"""Traders in the order book, in the laboratory market of Smith (1962): limits in even steps, so that 6 or 7 of 11
pairs trade at a competitive price of 0.5 ETH."""

from __future__ import annotations

import numpy as np
import pytest

from strategies.buyers.gjerstad_dickhaut import GjerstadDickhaut
from strategies.buyers.random_trader import RandomTrader
from strategies.buyers.zero_intelligence_plus import ZeroIntelligencePlus
from strategies.testing.double_auction import DoubleAuction, most_surplus

LIMITS = [round(0.25 + 0.05 * step, 2) for step in range(11)]  # 0.25 … 0.75
GWEI = [round(limit * 10**9) for limit in LIMITS]


def play(kind, periods: int = 10, rounds: int = 50, seed: int = 1, **parameters):
    sellers, buyers = ([kind(limit_eth=limit, **parameters) for limit in LIMITS] for _ in range(2))
    return DoubleAuction(sellers, buyers, seed).play(periods, rounds)


def efficiency(deals, periods: int) -> float:
    gains = sum(GWEI[deal.buyer - len(GWEI)] - GWEI[deal.seller] for deal in deals)
    return gains / (periods * most_surplus(GWEI, GWEI))


def test_the_most_surplus_is_that_of_the_curves():
    assert most_surplus([1, 2, 9], [10, 3, 4]) == (10 - 1) + (4 - 2)


@pytest.mark.parametrize("kind", [RandomTrader, ZeroIntelligencePlus, GjerstadDickhaut])
def test_nobody_trades_at_a_loss(kind):
    deals = play(kind)
    assert deals
    assert all(GWEI[deal.seller] <= deal.price <= GWEI[deal.buyer - len(GWEI)] for deal in deals)


def test_random_traders_find_nearly_all_gains_from_trade():
    """Gode and Sunder (1993): the budget constraint alone makes a double auction efficient."""
    assert efficiency(play(RandomTrader), 10) > 0.95


def test_random_traders_draw_evenly_up_to_their_limits():
    (alone,) = ([RandomTrader(limit_eth=0.4)] for _ in range(1))
    market = DoubleAuction([], alone, seed=3)
    shouts = [market.traders[0].bid_price(None, None, 400_000_000) for _ in range(2000)]
    assert min(shouts) >= 0
    assert max(shouts) <= 400_000_000
    z = (np.mean(shouts) / 4e8 - 0.5) * np.sqrt(12 * len(shouts))
    assert abs(z) <= 4


@pytest.mark.parametrize("kind", [ZeroIntelligencePlus, GjerstadDickhaut])
def test_a_market_of_learning_traders_converges_to_the_competitive_price(kind):
    """Prices of the last periods lie close to 0.5 ETH, and closer than those of random traders do."""

    def scatter(deals) -> float:
        late = np.array([deal.price for deal in deals if deal.period >= 10]) / 1e9
        return float(np.sqrt(np.mean((late - 0.5) ** 2)))

    learned, random = scatter(play(kind, periods=15)), scatter(play(RandomTrader, periods=15))
    assert learned < 0.04
    assert learned < random / 2
    assert efficiency(play(kind, periods=15), 15) > 0.95


def test_zip_prices_move_from_the_first_shouts_towards_the_competitive_price():
    """Demand far above supply: prices end at what the marginal buyer pays, not in the middle."""
    sellers = [ZeroIntelligencePlus(limit_eth=0.1) for _ in range(5)]
    buyers = [ZeroIntelligencePlus(limit_eth=0.5) for _ in range(11)]
    deals = DoubleAuction(sellers, buyers, seed=2).play(20, 40)
    early = np.mean([deal.price for deal in deals if deal.period == 0]) / 1e9
    late = np.mean([deal.price for deal in deals if deal.period >= 15]) / 1e9
    assert early < 0.45
    assert late == pytest.approx(0.5, abs=0.03)
