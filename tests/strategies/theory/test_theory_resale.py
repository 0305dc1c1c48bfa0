"""Resale: Pai and Resnick's slot sold ahead of time, Hafalir and Krishna's weak and strong buyer."""

import numpy as np
import pytest
from scipy import stats

from strategies.theory.laws import Continuous, Empirical
from strategies.theory.sale_and_resale import WeakAndStrong, sold_ahead

UNIFORM = Continuous(stats.uniform())
PAIR = WeakAndStrong(1.0, 2.0)
DRAWS = 400_000


def within_four_errors(sample: np.ndarray, mean: float) -> bool:
    return bool(abs(sample.mean() - mean) <= 4 * sample.std() / np.sqrt(sample.size))


@pytest.mark.parametrize(
    ("buyers", "keeps", "price", "spot", "welfare", "best"),
    [(2, 0.75, 0.541667, 1 / 3, 0.625, 2 / 3), (4, 0.46875, 0.669792, 0.6, 0.765625, 0.8)],
)
def test_pai_and_resnick(
    buyers: int, keeps: float, price: float, spot: float, welfare: float, best: float
) -> None:
    outcome = sold_ahead(UNIFORM, buyers)
    assert outcome.keeps == pytest.approx(keeps, rel=1e-10)
    assert outcome.keeps == pytest.approx(2 / buyers * (1 - 2.0**-buyers), rel=1e-10)
    assert outcome.price == pytest.approx(price, abs=5e-7)
    assert outcome.spot_price == pytest.approx(spot, rel=1e-10)
    assert outcome.welfare == pytest.approx(welfare, rel=1e-10)
    assert outcome.best_welfare == pytest.approx(best, rel=1e-10)


@pytest.mark.parametrize("buyers", [2, 5])
def test_a_slot_sold_ahead_agrees_with_simulation(buyers: int) -> None:
    values = np.random.default_rng(6).random((DRAWS, buyers))
    own, rivals = values[:, 0], np.sort(values[:, 1:], axis=1)[:, ::-1]
    reserve = (1 + own) / 2
    keeps = rivals[:, 0] < reserve
    second = rivals[:, 1] if buyers > 2 else np.zeros(DRAWS)
    paid = np.maximum(second, reserve)
    outcome = sold_ahead(UNIFORM, buyers)
    assert within_four_errors(keeps.astype(float), outcome.keeps)
    assert within_four_errors(np.where(keeps, own, paid), outcome.holding)
    assert within_four_errors(np.where(keeps, 0, rivals[:, 0] - paid) / (buyers - 1), outcome.losing)
    assert within_four_errors(np.where(keeps, own, rivals[:, 0]), outcome.welfare)


def test_a_slot_sold_ahead_for_another_law() -> None:
    outcome = sold_ahead(Continuous(stats.uniform(0, 3)), 2)
    assert outcome.price == pytest.approx(3 * 0.5416666666667, rel=1e-9)
    with pytest.raises(ValueError, match="without atoms"):
        sold_ahead(Empirical([0.0, 1.0]), 2)
    with pytest.raises(ValueError, match="buyers must be at least 2"):
        sold_ahead(UNIFORM, 1)


def test_hafalir_and_krishna() -> None:
    assert PAIR.revenue == pytest.approx(0.5, rel=1e-12)
    assert PAIR.second_price_revenue == pytest.approx(0.416667, abs=5e-7)
    assert PAIR.resale_chance == pytest.approx(0.125, rel=1e-12)
    assert PAIR.welfare == pytest.approx(1.0625, rel=1e-12)
    assert PAIR.best_welfare == pytest.approx(1.083333, abs=5e-7)


def test_weak_and_strong_agree_with_simulation() -> None:
    quantiles = np.random.default_rng(8).random((DRAWS, 2))
    weak, strong = quantiles[:, 0], 2 * quantiles[:, 1]
    bids = PAIR.bid(quantiles)
    resold = (bids[:, 0] > bids[:, 1]) & (strong >= PAIR.offer(quantiles[:, 0]))
    owner = np.where((bids[:, 1] >= bids[:, 0]) | resold, strong, weak)
    assert within_four_errors(bids.max(axis=1), PAIR.revenue)
    assert within_four_errors(resold.astype(float), PAIR.resale_chance)
    assert within_four_errors(owner, PAIR.welfare)
    assert within_four_errors(np.minimum(weak, strong), PAIR.second_price_revenue)
    assert within_four_errors(np.maximum(weak, strong), PAIR.best_welfare)


@pytest.mark.parametrize("strong", [1.0, 2.0, 5.0])
def test_no_deviation_pays(strong: float) -> None:
    pair, poses = WeakAndStrong(1.0, strong), np.linspace(0, 1, 1001)
    for quantile in (0.0, 0.3, 0.8, 1.0):
        weak, mighty = quantile, strong * quantile
        assert pair.weak_profit(weak, poses).max() <= pair.weak_profit(weak, quantile) + 1e-12
        assert pair.strong_profit(mighty, poses).max() <= pair.strong_profit(mighty, quantile) + 1e-12


def test_the_profits_of_both_and_the_revenue_share_the_welfare() -> None:
    quantile = (np.arange(20_000) + 0.5) / 20_000
    profit = PAIR.weak_profit(quantile, quantile) + PAIR.strong_profit(2 * quantile, quantile)
    assert profit.mean() + PAIR.revenue == pytest.approx(PAIR.welfare, abs=1e-8)


def test_buyers_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="weak <= strong"):
        WeakAndStrong(2.0, 1.0)
