"""The autoregression against its recursion, its closed forms and its own draws."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chain.rewards import AR1, RewardPath
from chain.rewards.autoregression import autoregress

MEAN, PHI, SIGMA = 0.122561, 0.9, 0.3
M = math.log(MEAN) - SIGMA**2 / (2 * (1 - PHI**2))


def rewards_of(process, seeds, blocks):
    runs = []
    for seed in range(seeds):
        path = RewardPath(process, np.random.default_rng(seed))
        runs.append([path.advance() for _ in range(blocks)])
    return np.array(runs) / 1e9


@settings(max_examples=50, deadline=None, derandomize=True)
@given(pull=st.floats(-0.999, 0.999), size=st.integers(1, 70), last=st.floats(-3, 3), seed=st.integers(0, 99))
def test_passes_give_what_the_recursion_gives(pull, size, last, seed):
    shocks = np.random.default_rng(seed).standard_normal(size)
    x, slow = last, []
    for shock in shocks:
        x = pull * x + shock
        slow.append(x)
    np.testing.assert_allclose(autoregress(shocks, pull, np.array([last])), slow, rtol=1e-9, atol=1e-12)


def test_block_0_is_known_before_it_opens():
    for process, first in ((AR1(MEAN, PHI, SIGMA), math.exp(M)), (AR1(MEAN, PHI, SIGMA, start=0.5), 0.5)):
        path = RewardPath(process, np.random.default_rng(5))
        before = path.outlook()
        assert before.reward_gwei is None
        assert before.expected_reward(0) == pytest.approx(first * 1e9, rel=1e-12)
        assert before.expected_surplus(0, 1e7) == pytest.approx(first * 1e9 - 1e7, rel=1e-12)
        assert path.advance() == round(first * 1e9)
        for block in (1, 2, 77):  # seeing it adds nothing
            assert path.outlook().expected_reward(block) == pytest.approx(before.expected_reward(block))


def test_conditional_moments():
    """E[R_{t+k} | R_t]: log R is normal with mean m + phi^k (log R_t - m) and variance σ²(1-φ^2k)/(1-φ²)."""
    path = RewardPath(AR1(MEAN, PHI, SIGMA), np.random.default_rng(3))
    for _ in range(5000):
        reward = path.advance()
    for steps in (1, 2, 10, 500):
        mean = M + PHI**steps * (math.log(reward / 1e9) - M)
        variance = SIGMA**2 * sum(PHI ** (2 * k) for k in range(steps))
        expected = math.exp(mean + variance / 2) * 1e9
        assert path.outlook().expected_reward(4999 + steps) == pytest.approx(expected, rel=1e-6)
    assert path.outlook().expected_reward(10_000) == pytest.approx(MEAN * 1e9)


@pytest.mark.parametrize("phi", [PHI, -0.6, 0.0])
def test_draws_have_the_mean_and_surplus_that_are_expected(phi):
    """Independent runs; 12 z-tests of |z| ≤ 4 for each phi: false-alarm rate 2.3e-3 in all."""
    process = AR1(MEAN, phi, SIGMA, start=0.2)
    rewards = rewards_of(process, seeds=2000, blocks=8)
    outlook = RewardPath(process, np.random.default_rng(0)).outlook()
    for block in (1, 2, 4, 7):
        for cost in (0.0, 0.1, 0.15):
            kept = np.maximum(rewards[:, block] - cost, 0)
            expected = outlook.expected_surplus(block, cost * 1e9) / 1e9
            assert abs(kept.mean() - expected) <= 4 * kept.std() / math.sqrt(len(kept))


def test_stationary_moments_and_autocorrelation():
    """One long run, spread by its effective size; 5 z-tests of |z| ≤ 4: false-alarm rate 3.2e-4."""
    blocks = 200_000
    logs = np.log(rewards_of(AR1(MEAN, PHI, SIGMA), seeds=1, blocks=blocks)[0])
    sd = SIGMA / math.sqrt(1 - PHI**2)
    assert abs(logs.mean() - M) <= 4 * sd * math.sqrt((1 + PHI) / (1 - PHI) / blocks)
    squares = math.sqrt(2 * (1 + PHI**2) / (1 - PHI**2) / blocks)
    assert abs(logs.var() / sd**2 - 1) <= 4 * squares
    for lag in (1, 5, 20):
        found = np.corrcoef(logs[lag:], logs[:-lag])[0, 1]
        # Bartlett's formula, bounded by its value at a great lag.
        assert abs(found - PHI**lag) <= 4 * math.sqrt((1 + PHI**2) / (1 - PHI**2) / blocks)
