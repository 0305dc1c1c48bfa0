"""When windows are sold and exercised: regions of states, by hand, and against a programme of another hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from experiments.lab.models.model.model_file import read_model
from experiments.lab.models.model.sale_and_exercise import place_error
from experiments.lab.models.model.solution import Solution
from experiments.lab.models.model.solving import solve
from strategies.theory.cell_shares import halves, overlap
from tests.strategies.theory.window_programme import Programme

WINDOW: dict[str, Any] = {
    "exercise": "window",
    "discount_rate": 0.005,
    "buyers": 4,
    "cost": {"distribution": "uniform", "low": 0.1, "high": 0.9},
    "reward": {"process": "ar1", "mean": 1.0, "phi": 0.9, "sigma": 0.2},
}


def solved(**keys: Any) -> Solution:
    return solve(read_model({"model": {**WINDOW, **keys}}))


def test_regions_overlap_as_intervals_do() -> None:
    """On a fine ruler between even states, for gains that cross zero anywhere."""
    rng = np.random.default_rng(4)
    states = np.arange(9.0)
    fine = np.linspace(-0.5, 8.5, 9 * 2000 + 1)[:-1] + 9 / 2000 / 18
    cell = np.round(fine).astype(int).clip(0, 8)
    for _ in range(20):
        gains = rng.standard_normal((2, 9))
        inside = [np.interp(fine, states, gain) >= 0 for gain in gains]
        one, other = (halves(gain) for gain in gains)
        for share, both in ((one.share, inside[0]), (overlap(one, other), inside[0] & inside[1])):
            counted = np.bincount(cell, both) / np.bincount(cell)
            np.testing.assert_allclose(share, counted, atol=2e-3)
        assert (overlap(one, other) <= np.minimum(one.share, other.share)).all()


def test_moser_exercises_three_eighths_at_once() -> None:
    """R ~ U[0, 1], no costs, no discounting, three blocks: taken from 5/8, from 1/2 upwards, and always."""
    free = {"distribution": "uniform", "low": 0.0, "high": 0.0}
    reward = {"process": "uniform", "low": 0.0, "high": 1.0}
    lives = solved(maturity=2, discount_rate=0.0, cost=free, reward=reward).sale_and_exercise
    assert lives is not None
    assert lives.sold_at == pytest.approx([1, 0, 0])
    assert lives.waited == pytest.approx([3 / 8, 5 / 16, 5 / 16], abs=1e-4)
    assert lives.never == pytest.approx(0, abs=1e-9)


def test_a_cost_above_the_reward_is_never_exercised() -> None:
    """One buyer, R = .6 known, θ ~ U[.1, .9]: three eighths find nothing to earn, and stay away where K > 0."""
    reward = {"process": "constant", "value": 0.6}
    free = solved(maturity=3, buyers=1, reward=reward).sale_and_exercise
    assert free is not None
    assert (free.found_a_buyer, free.never) == pytest.approx((1.0, 3 / 8), abs=1e-9)
    dear = solved(maturity=3, buyers=1, reward=reward, entry_cost=0.1).sale_and_exercise
    assert dear is not None
    assert (dear.found_a_buyer, dear.at_once) == pytest.approx((0.5, 1.0), abs=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize(("maturity", "entry_cost"), [(12, 0.02), (16, 0.01), (16, 0.1), (32, 0.009), (16, 0.001)])
def test_another_programme_says_the_same(maturity: int, entry_cost: float) -> None:
    tickets = 200_000
    lives = solved(maturity=maturity, entry_cost=entry_cost).sale_and_exercise
    assert lives is not None
    assert lives.tried_at is not None
    says = Programme(maturity, entry_cost).played(tickets, seed=5)
    expected = {
        "tried_at_the_end": lives.tried_at[-1],
        "found_a_buyer": lives.found_a_buyer,
        "at_once": lives.at_once,
        "never": lives.never,
    }
    for key, chance in expected.items():
        assert chance is not None
        error = np.sqrt(max(chance * (1 - chance), 1e-4) / tickets)
        assert abs(says[key] - chance) <= 4 * error + 2e-3, key
    error = place_error(lives.tried_at, tickets)
    assert error is not None
    assert abs(says["mean_block_tried"] - lives.mean_block_tried) <= 4 * error + 0.02


@pytest.mark.slow
@pytest.mark.parametrize(("keys", "percent"), [({}, 0.129), ({"high": 1.5}, 1.57)])
def test_another_programme_gains_the_same_by_delegation(keys: dict[str, float], percent: float) -> None:
    programme = Programme(4, 0.0, buyers=2, phi=0.6, sigma=0.5, **keys)
    assert 100 * programme.gain() == pytest.approx(percent, rel=0.05)
    reward = {"process": "ar1", "mean": 1.0, "phi": 0.6, "sigma": 0.5}
    cost = WINDOW["cost"] | keys
    solution = solved(maturity=4, buyers=2, reward=reward, cost=cost)
    assert solution.value is not None
    assert solution.spot_value is not None
    assert 100 * (solution.value / solution.spot_value - 1) == pytest.approx(percent, rel=2e-3)
