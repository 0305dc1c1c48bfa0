"""A flow of buyers, and what a pricing rule makes of it near its rest."""

from __future__ import annotations

from math import exp, pi

import numpy as np
import pytest

from experiments import run
from experiments.pricing_stability import ADJUSTMENT, RULES, SLOPE, STEP, SUPPLY, TARGET, overshoot, swing

CONFIG = {
    "blocks": 400,
    "chain": {"draw": "lottery", "supply": 900, "maturity": "none"},
    "market": {
        "structure": "et",
        "resale": "never",
        "pbs": "off",
        "primary": "uniform_price",
        "primary_reserve": 1.0,
    },
}


def sales(**parameters):
    """Tickets sold before block 0, and in every slot from 0 on, to two buyers a slot at the price 1."""
    agent = {
        "strategy": "flow_buyer",
        "role": "seller",
        "count": 2,
        "can_build": True,
        "endowment_eth": 1e6,
    }
    result = run(CONFIG | {"agents": [agent | {"parameters": parameters}]}, signatures="off")
    sold = result.trades.groupby("slot").size()
    return int(sold.get(-1, 0)), sold.reindex(range(400), fill_value=0).to_numpy()


@pytest.mark.slow
def test_demand_at_a_price_is_the_share_of_values_above_it():
    """v = e^(1/2) and w = 1: a value is above 1 with chance 3/4, from slot 200 on, where v is 1, 1/2."""
    first, sold = sales(value_eth=exp(0.5), width=1.0, stock=7, step_slot=200, step=exp(-0.5))
    assert first == 14
    assert abs(sold[:200].sum() - 300) <= 4 * (400 * 3 / 16) ** 0.5
    assert abs(sold[200:].sum() - 200) <= 4 * (400 / 4) ** 0.5


@pytest.mark.slow
def test_without_a_step_demand_stays():
    _, sold = sales(value_eth=1.0, width=1.0)
    assert abs(sold.sum() - 400) <= 4 * (800 / 4) ** 0.5


@pytest.mark.parametrize(
    ("name", "damping", "stiffness"),
    [
        ("eip1559", 1 / SUPPLY, SLOPE * ADJUSTMENT / TARGET),
        ("eip1559 twice", 1 / SUPPLY, 2 * SLOPE * ADJUSTMENT / TARGET),
        ("elowsson", 1 / SUPPLY + SLOPE / 16, SLOPE / 8 / TARGET + SLOPE / 16 / SUPPLY),
    ],
)
def test_a_controller_swings_as_the_closed_form_says(name, damping, stiffness):
    """Slots are short beside a swing: the map of a slot turns and shrinks as the differential equation does."""
    (root, _) = np.linalg.eigvals(RULES[name].matrix)
    assert 2 * pi / abs(np.angle(root)) == pytest.approx(2 * pi / (stiffness - damping**2 / 4) ** 0.5, rel=0.03)
    assert -np.log(abs(root)) == pytest.approx(damping / 2, rel=0.03)


def test_the_amm_does_not_swing_and_follows_by_its_share():
    amm = RULES["amm"]
    assert not amm.swings
    assert amm.response()[-1] == pytest.approx(STEP * SLOPE / (SLOPE + 10 / SUPPLY), rel=0.02)


def test_what_is_measured_of_a_swing():
    lags = np.arange(200)
    assert swing(np.exp(-lags / 300) * np.cos(2 * pi * lags / 80)) == pytest.approx(80, abs=2)
    assert overshoot(STEP * np.array([0.0, 1.5, 0.9])) == pytest.approx(0.5)
    assert overshoot(STEP * np.array([0.0, 0.5])) == 0
