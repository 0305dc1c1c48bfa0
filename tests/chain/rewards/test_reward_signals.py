"""What signals of rewards tell: against the formula of the model, and against draws."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from chain.rewards import AR1, Constant, Exponential, Lognormal, MevBoost, RewardPath, Uniform
from chain.rewards.lognormal import lognormal_surplus
from chain.rewards.mevboost import gwei_at
from chain.rewards.reward_signals import ahead_of, signals_of
from market.own_outlooks import CHUNK, BlockOutlooks, Noise

BLOCKS = 1500
GAUSSIAN = [Lognormal(0.1, 0.9), AR1(0.1, 0.8, 0.5), MevBoost(), MevBoost(knows="past")]
DRAWN = [Uniform(0.0, 1.0), Exponential(0.1)]


def outlooks(law, horizon: int = 4, noise: float = 0.7) -> BlockOutlooks:
    ahead = RewardPath(ahead_of(law), np.random.default_rng(3))
    return BlockOutlooks(signals_of(law), ahead, horizon, {1: Noise(noise, np.random.default_rng(4))})


def played(law, horizon: int = 4):
    """One's own outlook before each block, and the public one after it, which knows the block's score."""
    own, path = outlooks(law, horizon), RewardPath(law, np.random.default_rng(3))
    for _ in range(BLOCKS):
        before = own.outlook(1, path.outlook())
        path.advance()
        yield before, path.outlook()


def test_log_rewards_given_all_signals_at_once_are_as_the_model_writes_them():
    """Σ = (C⁻¹ + I/σ²)⁻¹, μ = Σ (C⁻¹ a + y/σ²): MODEL section 9, (ii)."""
    law = AR1(0.1, 0.8, 0.5)
    path = RewardPath(law, np.random.default_rng(3))
    path.advance()
    path.advance()
    own = outlooks(law).outlook(1, path.outlook())
    lag = np.arange(1, 5)
    c = 0.25 / 0.36 * (0.8 ** np.abs(lag[:, None] - lag) - 0.8 ** (lag[:, None] + lag))
    m = np.log(1e8) - 0.25 / 0.36 / 2
    a = m + 0.8**lag * (path.outlook().x - m)
    left = np.linalg.inv(np.linalg.inv(c) + np.eye(4) / 0.49)
    mean = left @ (np.linalg.solve(c, a) + np.array(own.signals) / 0.49)
    for ahead in range(4):
        given = mean[ahead], left[ahead, ahead] ** 0.5
        block = 2 + ahead
        assert own.expected_surplus(block, 5e7) == pytest.approx(lognormal_surplus(*given, 5e7), rel=1e-9)
        assert own.expected_reward(block) == pytest.approx(np.exp(given[0] + given[1] ** 2 / 2), rel=1e-9)
    assert own.expected_reward(6) == path.outlook().expected_reward(6)  # beyond its signals
    assert own.expected_reward(1) == path.outlook().reward_gwei


@pytest.mark.parametrize("law", GAUSSIAN, ids=lambda law: type(law).__name__)
def test_scores_are_spread_about_their_means_as_they_should_be(law):
    """Of blocks far enough apart, so that draws are independent: mean 0, variance 1, whatever was expected."""
    about = signals_of(law)
    pairs = list(played(law))[1:]
    z = np.array([(about.score(after) - before.means[0]) / before.sds[0] for before, after in pairs])
    mean = np.array([before.means[0] for before, _ in pairs])
    assert abs(z.mean()) <= 4 / np.sqrt(z.size)
    assert abs(z.var() - 1) <= 4 * np.sqrt(2 / z.size)
    assert abs(np.corrcoef(z, mean)[0, 1]) <= 4 / np.sqrt(z.size)


@pytest.mark.parametrize("law", [*GAUSSIAN, *DRAWN], ids=lambda law: type(law).__name__)
def test_what_is_expected_is_right_on_average_and_closer_than_what_is_public(law):
    pairs = [(before, after) for before, after in played(law)][1:]
    cost = 0.5 * np.mean([after.reward_gwei for _, after in pairs])
    block = [after.block for _, after in pairs]
    found = np.array([max(after.reward_gwei - cost, 0) for _, after in pairs])
    own = np.array([o.expected_surplus(b, cost) for (o, _), b in zip(pairs, block, strict=True)])
    public = np.array([o.public.expected_surplus(b, cost) for (o, _), b in zip(pairs, block, strict=True)])
    off = found - own
    assert abs(off.mean()) <= 4 * off.std() / np.sqrt(off.size)
    assert abs(off).mean() < abs(found - public).mean()


def test_payments_given_a_score_are_weighed_to_their_mean():
    before, _ = list(played(MevBoost()))[5]
    scores = np.random.default_rng(1).normal(before.means[0], before.sds[0], 200_000)
    rewards = gwei_at("2023", 1.0, scores)
    exact = before.expected_reward(before.block + 1)
    assert abs(rewards.mean() - exact) <= 4 * rewards.std() / np.sqrt(rewards.size)


def test_a_checkpoint_goes_on_with_the_same_signals():
    law = AR1(0.1, 0.8, 0.5)
    own, path = outlooks(law), RewardPath(law, np.random.default_rng(3))
    later = None
    for _ in range(1100):
        path.advance()
        if path.block == 5:
            own.outlook(1, path.outlook())
            later = pickle.loads(pickle.dumps((own, path)))
    other, same_path = later
    while same_path.block < path.block:
        same_path.advance()
        other.outlook(1, same_path.outlook())
    assert other.outlook(1, same_path.outlook()) == own.outlook(1, path.outlook())


def test_before_block_0_its_reward_is_known_to_all_where_the_law_says_so():
    law = AR1(0.1, 0.8, 0.5, start=0.2)
    own = outlooks(law).outlook(1, RewardPath(law, np.random.default_rng(3)).outlook())
    assert own.expected_reward(0) == pytest.approx(2e8, rel=1e-9)


def test_of_what_is_certain_signals_tell_nothing():
    own = outlooks(Constant(0.5)).outlook(1, RewardPath(Constant(0.5), np.random.default_rng(3)).outlook())
    assert [own.expected_surplus(block, 1e8) for block in range(3)] == [4e8] * 3


@pytest.mark.parametrize("first", [CHUNK - 2, 5 * CHUNK + 7])
def test_noise_is_that_of_a_block_whatever_was_asked_for_before(first):
    asked = Noise(1.0, np.random.default_rng(4))
    asked.between(3, 5)
    at_once = np.random.default_rng(4).standard_normal((8, CHUNK)).ravel()
    assert asked.between(first, 6).tolist() == at_once[first : first + 6].tolist()
