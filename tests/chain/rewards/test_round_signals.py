"""What a signal of a whole round tells: against draws, and on average over paths."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from chain.rewards import AR1, Constant, Exponential, Lognormal, MevBoost, RewardPath, Uniform
from chain.rewards.drawn_rewards import scores_of
from chain.rewards.reward_signals import ahead_of
from chain.rewards.round_signals import FINEST, RoundSignals
from market.own_outlooks import Noise, RoundOutlooks

SIZE, NOISE = 3, 0.6
ALIKE = [Lognormal(0.1, 0.9), Uniform(0.0, 1.0), Exponential(0.1)]
MOVING = [AR1(0.1, 0.8, 0.5), MevBoost()]


def outlooks(law, noise: float = NOISE) -> RoundOutlooks:
    ahead = RewardPath(ahead_of(law), np.random.default_rng(3))
    return RoundOutlooks(RoundSignals(law, SIZE), ahead, 1, {1: Noise(noise, np.random.default_rng(4))})


def at(law, block: int, noise: float = NOISE):
    """One's own outlook after a block, and what the blocks of its round have brought so far."""
    own, path = outlooks(law, noise), RewardPath(law, np.random.default_rng(3))
    seen = [path.advance() for _ in range(block + 1)]
    return own.outlook(1, path.outlook()), sum(seen[(block + 1) // SIZE * SIZE :])


def drawn_ahead(law, public, count: int, draws: int):
    rng = np.random.default_rng(9)
    if isinstance(law, AR1 | MevBoost):
        return scores_of(public, count).rewards(rng.standard_normal((draws, count)))
    return law.sample(rng, draws * count).reshape(draws, count)


@pytest.mark.parametrize("law", [*ALIKE, *MOVING], ids=lambda law: type(law).__name__)
def test_blocks_given_all_signals_are_as_draws_weighed_by_them_have_it(law):
    """In the middle of a round: two of its blocks are left, and the next one has a signal, too."""
    own, past = at(law, 6)
    assert own.past == past
    drawn = drawn_ahead(law, own.public, 5, 400_000)
    totals = np.array([past + drawn[:, :2].sum(axis=1), drawn[:, 2:].sum(axis=1)])
    off = (np.array(own.signals)[:, None] - np.log(totals)) / NOISE
    weight = np.exp(-(off**2).sum(axis=0) / 2)
    cost = own.public.expected_reward(7) / 2
    for block in (7, 8, 9, 11):
        left = np.maximum(drawn[:, block - 7] - cost, 0.0)
        share = weight / weight.sum()
        error = float(np.sqrt((share**2) @ (left - left @ share) ** 2))
        assert abs(own.expected_surplus(block, cost) - left @ share) <= 4 * error + 0.01 * cost
    assert own.expected_reward(12) == own.public.expected_reward(12)  # beyond its signals


@pytest.mark.parametrize("law", ALIKE, ids=lambda law: type(law).__name__)
def test_what_is_expected_of_rounds_is_right_on_average(law):
    own, path = outlooks(law), RewardPath(law, np.random.default_rng(3))
    off = []
    for _ in range(400):
        before = own.outlook(1, path.outlook())
        total = sum(path.advance() for _ in range(SIZE))
        off.append(total - before.expected_rewards(range(before.block + 1, before.block + 1 + SIZE)))
    assert abs(np.mean(off)) <= 4 * np.std(off) / np.sqrt(len(off))


@pytest.mark.parametrize("law", [Lognormal(0.1, 0.9), AR1(0.1, 0.8, 0.5)], ids=lambda law: type(law).__name__)
def test_a_signal_without_noise_tells_the_total(law):
    own, past = at(law, 6, 1e-6)
    path = RewardPath(law, np.random.default_rng(3))
    rewards = [path.advance() for _ in range(9)]
    assert own.expected_rewards([7, 8]) + past == pytest.approx(sum(rewards[6:]), rel=1e-4)
    assert FINEST > 1e-6


def test_what_is_alike_is_found_again_and_what_is_certain_stays_so():
    own, _ = at(Lognormal(0.1, 0.9), 6)
    assert own.alike(8) == (own, 7)
    assert own.alike(11) == (own, 9)
    assert own.signal(7) == own.signal(8) != own.signal(9) == own.signal(11)
    assert (own.signal(6), own.signal(12)) == (None, None)
    sure, _ = at(Constant(0.1), 6)
    assert sure.expected_reward(8) == pytest.approx(1e8)


def test_a_checkpoint_goes_on_with_the_same_signals():
    law = Exponential(0.1)
    own, path = outlooks(law), RewardPath(law, np.random.default_rng(3))
    for _ in range(50):
        path.advance()
    own.outlook(1, path.outlook())
    copy = pickle.loads(pickle.dumps(own))
    path.advance()
    assert copy.outlook(1, path.outlook()) == own.outlook(1, path.outlook())
