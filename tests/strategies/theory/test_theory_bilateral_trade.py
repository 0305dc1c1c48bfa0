"""One seller, one buyer, two prices named at once."""

from __future__ import annotations

import numpy as np
import pytest

from strategies.theory.bilateral_trade import BEST_GAINS, BilateralTrade

HALF = BilateralTrade()


def test_the_linear_equilibrium_at_one_half() -> None:
    np.testing.assert_allclose(HALF.bid([0.0, 0.5, 1.0]), [1 / 12, 5 / 12, 3 / 4], rtol=1e-12)
    np.testing.assert_allclose(HALF.ask([0.0, 0.5, 1.0]), [1 / 4, 7 / 12, 11 / 12], rtol=1e-12)
    assert HALF.chance == pytest.approx(9 / 32, rel=1e-12)
    assert HALF.gains == pytest.approx(9 / 64, rel=1e-12)
    assert HALF.gains < BEST_GAINS


@pytest.mark.parametrize("weight", [0.0, 0.25, 0.5, 0.8, 1.0])
def test_trades_are_as_frequent_and_as_good_as_drawn(weight) -> None:
    trade = BilateralTrade(weight)
    value, cost = np.random.default_rng(3).random((2, 400_000))
    happens = trade.bid(value) >= trade.ask(cost)
    gains = np.where(happens, value - cost, 0.0)
    assert abs(happens.mean() - trade.chance) < 4 * happens.std() / np.sqrt(happens.size)
    assert abs(gains.mean() - trade.gains) < 4 * gains.std() / np.sqrt(gains.size)


@pytest.mark.parametrize("weight", [0.0, 0.3, 0.5, 1.0])
def test_nobody_gains_by_naming_another_price(weight) -> None:
    """Exact over a grid of the other's type, for types that trade at all."""
    trade = BilateralTrade(weight)
    other = (np.arange(20_000) + 0.5) / 20_000
    prices = np.linspace(0, 1, 501)[:, None]
    asks, bids = trade.ask(other), trade.bid(other)
    for own in (0.5, 0.7, 0.95):
        buyer = np.where(prices >= asks, own - weight * prices - (1 - weight) * asks, 0).mean(axis=1)
        best = np.where(trade.bid(own) >= asks, own - weight * trade.bid(own) - (1 - weight) * asks, 0).mean()
        assert buyer.max() <= best + 1e-5
        cost = 1 - own
        seller = np.where(bids >= prices, weight * bids + (1 - weight) * prices - cost, 0).mean(axis=1)
        best = np.where(bids >= trade.ask(cost), weight * bids + (1 - weight) * trade.ask(cost) - cost, 0).mean()
        assert seller.max() <= best + 1e-5


@pytest.mark.parametrize("weight", [-0.1, 1.1, float("nan")])
def test_a_weight_lies_between_0_and_1(weight) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        BilateralTrade(weight)
