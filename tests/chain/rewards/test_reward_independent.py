"""Constant, uniform and lognormal rewards against numerical integrals and their own draws."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from chain.rewards import Constant, Lognormal, RewardPath, Uniform

GWEI = 1e9
costs = st.floats(-0.5, 5.0)
quick = settings(max_examples=60, deadline=None, derandomize=True)


def surplus(process, cost_eth):
    path = RewardPath(process, np.random.default_rng(1))
    return path.outlook().expected_surplus(40, cost_eth * GWEI) / GWEI


def test_constant():
    path = RewardPath(Constant(0.122561), np.random.default_rng(1))
    assert [path.advance() for _ in range(3)] == [122_561_000] * 3
    assert path.outlook().expected_reward(9) == 122_561_000
    assert surplus(Constant(0.3), 0.1) == pytest.approx(0.2)
    assert surplus(Constant(0.1), 0.3) == 0


@quick
@given(low=st.floats(0, 1), width=st.floats(1e-3, 3), cost=costs)
def test_uniform_surplus_is_the_integral(low, width, cost):
    high = low + width
    start = min(max(low, cost), high)
    area, _ = integrate.quad(lambda r: (r - cost) / width, start, high)
    assert surplus(Uniform(low, high), cost) == pytest.approx(area, rel=1e-9, abs=1e-12)


@quick
@given(mean=st.floats(0.01, 2), sigma=st.floats(0.05, 2), cost=st.floats(1e-3, 5))
def test_lognormal_surplus_is_the_integral(mean, sigma, cost):
    # E[(R - c)+] is the integral of P(R > r) over r above c, here with r = exp(y).
    law = stats.norm(math.log(mean) - sigma**2 / 2, sigma)
    start, end = math.log(cost), max(math.log(cost), law.mean() + sigma**2) + 12 * sigma
    peak = min(max(law.mean() + sigma**2, start), end)
    area = sum(
        integrate.quad(lambda y: law.sf(y) * math.exp(y), a, b, epsrel=1e-10, limit=200)[0]
        for a, b in ((start, peak), (peak, end))
    )
    assert surplus(Lognormal(mean, sigma), cost) == pytest.approx(area, rel=1e-6, abs=1e-10)


@pytest.mark.parametrize(
    "process", [Uniform(0.05, 0.3), Lognormal(0.12, 0.9)], ids=lambda process: type(process).__name__
)
def test_draws_have_the_mean_and_surplus_that_are_expected(process):
    """Six z-tests of |z| ≤ 4 for both laws: false-alarm rate 4e-4."""
    path = RewardPath(process, np.random.default_rng(11))
    outlook = path.outlook()
    rewards = np.array([path.advance() for _ in range(100_000)], dtype=float)
    for cost in (0.0, 0.1 * GWEI, 0.2 * GWEI):
        kept = np.maximum(rewards - cost, 0)
        z = (kept.mean() - outlook.expected_surplus(0, cost)) / (kept.std() / math.sqrt(rewards.size))
        assert abs(z) <= 4


def test_what_was_seen_says_nothing():
    path = RewardPath(Lognormal(0.12, 0.9), np.random.default_rng(2))
    before = path.outlook().expected_surplus(9, 1e8)
    path.advance()
    assert path.outlook().expected_surplus(9, 1e8) == before


@pytest.mark.parametrize("process", [Constant(0.1), Uniform(0, 0.2), Lognormal(0.1, 0.5)])
def test_blocks_to_come_are_alike_whatever_was_seen_and_a_seen_one_is_itself(process):
    path = RewardPath(process, np.random.default_rng(1))
    path.advance()
    seen = path.outlook()
    path.advance()
    later = path.outlook()
    assert seen.alike(5) == later.alike(9)
    other, block = later.alike(9)
    assert other.expected_surplus(block, 3e7) == later.expected_surplus(9, 3e7)
    assert later.alike(1) == (later, 1)
