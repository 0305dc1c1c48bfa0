"""What all past rewards tell: the filter against conditioning by hand, and forecasts against what came."""

import pickle

import numpy as np
import pytest

from chain.rewards import MevBoost, MevBoost2026, RewardPath
from chain.rewards import mevboost as generator
from chain.rewards.score_filter import ScoreFilter

LOADINGS = np.sqrt([share for share, _ in generator.MEMORY])
PULL = np.exp([-1 / blocks for _, blocks in generator.MEMORY])


def a_filter():
    return ScoreFilter(LOADINGS, PULL, generator.NOISE_SHARE)


def reach(blocks):
    return LOADINGS * PULL**blocks


@pytest.mark.parametrize("ahead", [1, 7, 500])
def test_it_conditions_on_every_score(ahead):
    """The normal law of six scores and one to come, its covariances from the autocorrelations alone."""
    scores = np.array([0.3, -1.2, 2.0, 0.0, 0.7, -0.4])
    times = np.append(np.arange(6), 5 + ahead)
    lags = np.abs(times[:, None] - times)
    covariances = np.vectorize(lambda lag: generator.score_autocorrelation(lag) if lag else 1.0)(lags)
    weights = np.linalg.solve(covariances[:6, :6], covariances[:6, 6])
    learner = a_filter()
    for score in scores:
        learner.learn(score)
    mean, variance = learner.learnt.forecast(reach(ahead))
    assert mean == pytest.approx(weights @ scores, abs=1e-12)
    assert variance == pytest.approx(1 - weights @ covariances[:6, 6], abs=1e-12)


@pytest.mark.parametrize(("ahead", "of_the_last", "of_all"), [(1, 0.0887, 0.194), (32, 0.030, 0.133)])
def test_what_the_past_explains(ahead, of_the_last, of_all):
    """After 1,000 blocks: the shares of the variance that the docs name."""
    learner = a_filter()
    for _ in range(1000):
        learner.learn(0.0)
    _, variance = learner.learnt.forecast(reach(ahead))
    assert 1 - variance == pytest.approx(of_all, abs=2e-3)
    assert generator.score_autocorrelation(ahead) ** 2 == pytest.approx(of_the_last, abs=1e-3)


def path(kind=MevBoost2026, seed=4, **terms):
    return RewardPath(kind(**terms), np.random.default_rng(seed))


def test_rewards_are_the_same_and_forecasts_are_not():
    last, past = path(), path(knows="past")
    assert past.outlook().expected_reward(5) == pytest.approx(last.outlook().expected_reward(5), rel=1e-12)
    for _ in range(20):
        assert last.advance() == past.advance()
    assert past.outlook().expected_reward(20) != pytest.approx(last.outlook().expected_reward(20), rel=1e-3)
    assert past.outlook().expected_surplus(20, 0) == pytest.approx(past.outlook().expected_reward(20))


def test_it_does_not_matter_how_often_it_is_asked():
    """Over the end of a chunk, and through a checkpoint."""
    often, once = path(knows="past"), path(knows="past")
    for _ in range(generator.CHUNK + 50):
        often.advance()
        once.advance()
        often.outlook()
    assert often.outlook() == once.outlook()
    again = pickle.loads(pickle.dumps(often))
    assert (again.advance(), again.outlook()) == (once.advance(), once.outlook())


def test_forecasts_miss_by_as_much_as_they_say():
    """One block ahead, in standard deviations: variance 1 and no memory. Two z-tests of |z| ≤ 4."""
    learner, draws = a_filter(), MevBoost().start(np.random.default_rng(8))
    draws.next_chunk()
    effects = np.array([generator.hour_effect(block, 12.0) for block in range(generator.CHUNK)])
    misses = []
    for score in (draws._scores - effects) / generator.SPREAD:
        mean, variance = learner.learnt.forecast(reach(1))
        misses.append((score - mean) / variance**0.5)
        learner.learn(score)
    misses, n = np.array(misses), len(misses)
    assert abs((misses**2).mean() - 1) <= 4 * (2 / n) ** 0.5
    assert abs((misses[1:] * misses[:-1]).mean()) <= 4 / n**0.5


def test_another_knowledge_is_refused():
    with pytest.raises(ValueError, match='knows is \'all\'; give "last" or "past"'):
        MevBoost(knows="all")
