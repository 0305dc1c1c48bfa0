"""The exponential law of rewards against its closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from chain.rewards import Exponential

LAW = Exponential(2.0)


def test_mean_and_variance():
    rewards = LAW.sample(np.random.default_rng(5), 100_000) / 2e9
    assert abs(rewards.mean() - 1) <= 4 / 100_000**0.5
    assert abs(rewards.var() - 1) <= 4 * (8 / 100_000) ** 0.5


@pytest.mark.parametrize("cost", [0.0, 0.7e9, 5e9])
def test_the_surplus_is_that_of_a_memoryless_law(cost):
    rewards = LAW.sample(np.random.default_rng(6), 200_000)
    surplus = np.maximum(rewards - cost, 0)
    assert abs(surplus.mean() - LAW.surplus_gwei(cost)) <= 4 * surplus.std() / 200_000**0.5


def test_a_negative_cost_adds_to_the_mean():
    assert LAW.surplus_gwei(-1e9) == pytest.approx(3e9)


@pytest.mark.parametrize("mean", [0.0, -1.0, float("nan")])
def test_no_mean_no_law(mean):
    with pytest.raises(ValueError, match="mean is"):
        Exponential(mean)
