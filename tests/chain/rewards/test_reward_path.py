"""The path: one reward a block, the same whatever the run's length, and through a checkpoint."""

import pickle
import subprocess
import sys

import numpy as np
import pytest

from chain.rewards import (
    AR1,
    PROCESSES,
    Constant,
    Exponential,
    Lognormal,
    MevBoost,
    MevBoost2026,
    PaymentReplay,
    RewardPath,
    Uniform,
)
from chain.rewards.process import CHUNK, MAX_GWEI, whole_gwei

PROCESS_LIST = [
    Constant(0.1),
    Uniform(0.05, 0.2),
    Lognormal(0.12, 0.9),
    Exponential(0.12),
    AR1(0.12, 0.9, 0.3, start=0.3),
    MevBoost(),
    MevBoost2026(scale=3.0),
]
each = pytest.mark.parametrize("process", PROCESS_LIST, ids=lambda process: type(process).__name__)


def path_of(process, seed=7):
    return RewardPath(process, np.random.default_rng(seed))


def drawn(process, count):
    path = path_of(process)
    return [path.advance() for _ in range(count)]


@each
def test_first_rewards_do_not_depend_on_the_length(process):
    longest = drawn(process, 2 * CHUNK + 5)
    for count in (1, CHUNK - 1, CHUNK, CHUNK + 1):
        assert drawn(process, count) == longest[:count]


@each
def test_rewards_are_whole_gwei(process):
    assert all(type(reward) is int and reward >= 0 for reward in drawn(process, CHUNK + 1))


@each
@pytest.mark.parametrize("count", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1])
def test_a_pickled_path_goes_on_with_the_same_numbers(process, count):
    path = path_of(process)
    for _ in range(count):
        path.advance()
    copy = pickle.loads(pickle.dumps(path))
    assert (copy.block, copy.outlook()) == (path.block, path.outlook())
    assert [copy.advance() for _ in range(CHUNK)] == [path.advance() for _ in range(CHUNK)]
    assert copy.outlook() == path.outlook()


@each
def test_the_revealed_block_is_exact(process):
    path = path_of(process)
    for block in range(3):
        reward = path.advance()
        outlook = path.outlook()
        assert (path.block, outlook.block, outlook.reward_gwei) == (block, block, reward)
        assert outlook.expected_reward(block) == reward
        assert outlook.expected_surplus(block, reward - 1000) == 1000
        assert outlook.expected_surplus(block, reward + 1) == 0


@each
def test_the_past_is_refused(process):
    path = path_of(process)
    with pytest.raises(ValueError, match="block -1 is past; this outlook reaches from block 0"):
        path.outlook().expected_reward(-1)
    path.advance()
    path.advance()
    for call in (path.outlook().expected_reward, lambda block: path.outlook().expected_surplus(block, 1.0)):
        with pytest.raises(ValueError, match="block 0 is past; this outlook reaches from block 1"):
            call(0)


@each
def test_an_outlook_stays_as_it_was(process):
    path = path_of(process)
    path.advance()
    outlook = path.outlook()
    before = [outlook.expected_surplus(block, 5e7) for block in range(1, 20)]
    for _ in range(CHUNK + 3):
        path.advance()
    assert outlook.block == 0
    assert path.outlook() is not outlook
    assert [outlook.expected_surplus(block, 5e7) for block in range(1, 20)] == before


@each
def test_surplus_is_consistent_with_the_mean(process):
    path = path_of(process)
    for _ in range(3):
        outlook = path.outlook()
        for block in (path.block + 1, path.block + 50):
            mean = outlook.expected_reward(block)
            assert outlook.expected_surplus(block, 0.0) == pytest.approx(mean, rel=1e-9)
            assert outlook.expected_surplus(block, -5e7) == pytest.approx(mean + 5e7, rel=1e-9)
            surpluses = [outlook.expected_surplus(block, cost) for cost in np.linspace(0, 2e9, 40)]
            assert min(surpluses) >= 0
            assert np.all(np.diff(surpluses) <= 1e-6 * mean)
        path.advance()


def test_amounts_beyond_the_ledger_become_its_largest():
    assert whole_gwei(np.array([0.4, 0.6, 1e30])) == [0, 1, MAX_GWEI]
    assert np.float64(MAX_GWEI) == MAX_GWEI < 2**63


def test_every_process_is_named_once():
    assert set(PROCESSES) == {
        "constant",
        "uniform",
        "lognormal",
        "exponential",
        "ar1",
        "mevboost",
        "mevboost_2026",
        "replay",
    }
    assert PROCESSES["replay"] is PaymentReplay
    assert PROCESSES["constant"](value=0.1) == Constant(0.1)


def test_the_import_is_light():
    code = "import sys, chain.rewards; print([m for m in ('scipy', 'pandas', 'pyarrow') if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@each
def test_rewards_are_drawn_by_the_thousand(process, monkeypatch):
    path = path_of(process)
    draw, chunks = path._draws.next_chunk, []
    monkeypatch.setattr(path._draws, "next_chunk", lambda: chunks.append(draw()) or chunks[-1])
    for _ in range(2 * CHUNK + 1):
        path.advance()
    assert [len(chunk) for chunk in chunks] == [CHUNK] * 3
