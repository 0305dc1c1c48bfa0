"""The perpetual option, its sale in cash and under contract, and a reverting forward."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from strategies.theory.forward import reverting_forward
from strategies.theory.laws import Continuous, Empirical, UniformLaw
from strategies.theory.option_sale import OptionSale
from strategies.theory.perpetual_option import PerpetualOption

OPTION = PerpetualOption(rate=0.05, payout=0.04, volatility=0.2)
COSTS = UniformLaw(0.2, 0.4)


def test_the_perpetual_option_has_its_published_threshold() -> None:
    assert OPTION.elasticity == pytest.approx(1.850781, abs=5e-7)
    assert OPTION.threshold(0.3) == pytest.approx(0.652617, abs=5e-7)


def test_no_other_threshold_is_worth_more_and_the_value_is_smooth_there() -> None:
    tried = np.linspace(0.31, 2.0, 2001)
    best = OPTION.value(0.3, 0.3)
    assert OPTION.value_at(0.3, 0.3, tried).max() <= best + 1e-12
    edge = float(OPTION.threshold(0.3))
    assert OPTION.value(edge, 0.3) == pytest.approx(edge - 0.3, rel=1e-12)
    slope = (OPTION.value(edge, 0.3) - OPTION.value(edge - 1e-6, 0.3)) / 1e-6
    assert slope == pytest.approx(1.0, abs=1e-5)
    assert OPTION.value(1.0, 0.3) == pytest.approx(0.7)


def test_the_value_solves_its_equation() -> None:
    """σ²R²V″/2 + (r − δ)RV′ = rV below the threshold."""
    at, step = 0.4, 1e-4
    low, mid, high = OPTION.value([at - step, at, at + step], 0.3)
    drift = (high - low) / (2 * step) * at * (OPTION.rate - OPTION.payout)
    spread = (high - 2 * mid + low) / step**2 * at**2 * OPTION.volatility**2 / 2
    assert drift + spread == pytest.approx(OPTION.rate * mid, rel=1e-5)


@pytest.mark.parametrize(
    ("buyers", "contract", "cash"), [(1, 0.070520, 0.065509), (2, 0.081285, 0.077865), (5, 0.095350, 0.093768)]
)
def test_a_contract_on_the_exercise_brings_more_than_cash_at_once(buyers, contract, cash) -> None:
    sale = OptionSale(OPTION, COSTS, buyers, reward=0.3)
    assert sale.contract_revenue == pytest.approx(contract, abs=1e-6)
    assert sale.cash_revenue == pytest.approx(cash, abs=1e-6)


def test_under_the_contract_it_is_exercised_later() -> None:
    sale = OptionSale(OPTION, COSTS, 2, reward=0.3)
    assert sale.threshold(0.3) == pytest.approx(0.870156, abs=5e-7)
    costs = np.linspace(0.2, 0.4, 11)
    assert (sale.threshold(costs)[1:] > OPTION.threshold(costs)[1:]).all()
    assert sale.threshold(0.2) == pytest.approx(float(OPTION.threshold(0.2)))  # none above the best


def test_the_reserve_in_cash_shuts_out_where_that_pays() -> None:
    wide = OptionSale(PerpetualOption(0.05, 0.04, 0.05), UniformLaw(0.01, 1.0), 2, reward=0.3)
    assert 0.1 < wide.best_cut < 0.9
    cuts = np.linspace(0.05, 1.0, 96)
    assert max(wide.cash_revenue_at(float(cut)) for cut in cuts) <= wide.cash_revenue + 1e-9
    assert wide.contract_revenue > wide.cash_revenue


def test_what_cannot_be_sold_so_is_refused() -> None:
    with pytest.raises(ValueError, match="atoms"):
        OptionSale(OPTION, Empirical([0.2, 0.4]), 2, 0.3)
    with pytest.raises(ValueError, match="virtual strike"):
        OptionSale(OPTION, Continuous(stats.beta(0.2, 0.2)), 2, 0.3)
    with pytest.raises(ValueError, match="payout must be positive"):
        PerpetualOption(0.05, 0.0, 0.2)


def test_a_reverting_reward_is_worth_less_ahead_where_it_stands_high() -> None:
    assert reverting_forward(0.245122, 0.122561, 0.99, 32, 1e-4) == pytest.approx(0.210740, abs=5e-7)
    assert reverting_forward(0.2, 0.1, 0.9, [0, 10**6]).tolist() == pytest.approx([0.2, 0.1])
    with pytest.raises(ValueError, match="negative"):
        reverting_forward(0.2, 0.1, 0.9, -1)
    with pytest.raises(ValueError, match="persistence"):
        reverting_forward(0.2, 0.1, 1.5, 1)
