"""Many environments in a few processes: what they give is what Gymnasium's own give, one after the other."""

from __future__ import annotations

import os
import signal
from functools import partial

import pytest

from tests.extras import needs

needs("gymnasium", "rl", __file__)

from gymnasium.error import ClosedEnvironmentError
from gymnasium.vector import SyncVectorEnv

from experiments.lab.config.errors import InputError
from experiments.lab.rl import GroupedEnvs, SingleEnv
from experiments.lab.rl.markets import first_price

CONFIG = first_price(blocks=3)


def alike(one, other) -> None:
    """Two lists of arrays, and infos that are dictionaries of them."""
    for mine, theirs in zip(one, other, strict=True):
        if isinstance(theirs, dict):
            assert mine.keys() == theirs.keys()
            alike(mine.values(), theirs.values())
        else:
            assert (mine.dtype, mine.tolist()) == (theirs.dtype, theirs.tolist())


@pytest.mark.parametrize("levels", [None, 11])
def test_they_are_what_one_after_the_other_are_also_past_the_ends_of_episodes(levels):
    ours = GroupedEnvs(CONFIG, count=5, processes=2, levels=levels)
    theirs = SyncVectorEnv([partial(SingleEnv, CONFIG, levels)] * 5)
    assert (ours.observation_space, ours.action_space) == (theirs.observation_space, theirs.action_space)
    assert (ours.num_envs, ours.metadata) == (theirs.num_envs, theirs.metadata)
    ours.action_space.seed(1)
    for seed in (7, [1, 2, None, 4, 5], None):
        alike(ours.reset(seed=seed), theirs.reset(seed=seed))
        for _ in range(6):
            actions = ours.action_space.sample()
            alike(ours.step(actions), theirs.step(actions))
    ours.close()


def test_what_is_handed_out_stays_as_it_is():
    envs = GroupedEnvs(CONFIG, count=2, processes=2)
    before, _ = envs.reset(seed=1)
    kept = before.tolist()
    envs.step([[0.5]] * 2)
    assert before.tolist() == kept
    envs.close()


def test_a_wrong_action_is_refused_and_they_go_on():
    envs = GroupedEnvs(CONFIG, count=3, processes=2)
    envs.reset(seed=1)
    with pytest.raises(InputError, match=r"action is \[7.0\]"):
        envs.step([[0.5], [7.0], [0.5]])
    with pytest.raises(InputError, match="each of the 3 environments"):
        envs.step([[0.5]])
    assert envs.step([[0.5]] * 3)[0].shape == (3, 9)
    envs.close()
    with pytest.raises(ClosedEnvironmentError):
        envs.step([[0.5]] * 3)


def test_a_process_that_is_gone_is_said():
    envs = GroupedEnvs(CONFIG, count=2, processes=2)
    process = envs._groups[1]._process
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    with pytest.raises(ChildProcessError, match="environments 1 to 1 has ended"):
        envs.reset(seed=1)
    envs.close()


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"count": 0}, "count is 0"),
        ({"count": 2.5}, "count is 2.5"),
        ({"processes": 0}, "processes is 0"),
        ({"config": {"blocks": 3}}, "nobody learns"),
    ],
)
def test_what_makes_no_sense_is_refused(asked, message):
    with pytest.raises(InputError, match=message):
        GroupedEnvs(**{"config": CONFIG} | asked)


def test_seeds_and_options_that_are_none_are_refused():
    envs = GroupedEnvs(CONFIG, count=2, processes=1)
    with pytest.raises(InputError, match="seeds are 1"):
        envs.reset(seed=[1])
    with pytest.raises(InputError, match="seed is -1"):
        envs.reset(seed=-1)
    with pytest.raises(InputError, match="'reset_mask'"):
        envs.reset(options={"reset_mask": [True, False]})
    envs.close()
