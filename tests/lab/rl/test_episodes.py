"""Seeds and episodes by Gymnasium's contract, and actions outside the space."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.extras import needs

needs("gymnasium", "rl", __file__)

import gymnasium
from gymnasium.error import ResetNeeded
from gymnasium.utils.env_checker import check_env
from pettingzoo.test import api_test, parallel_api_test, parallel_seed_test, seed_test
from pettingzoo.utils.conversions import parallel_to_aec

from experiments.lab.config.errors import InputError
from experiments.lab.rl import MarketEnv, SingleEnv
from experiments.lab.rl.markets import first_price

BLOCKS = 6
HALF = np.array([0.5], np.float32)
PUPILS = first_price(rivals=1, pupils=2, blocks=BLOCKS)


def single(levels: int | None = None) -> SingleEnv:
    return SingleEnv(first_price(blocks=BLOCKS), levels)


def several() -> MarketEnv:
    return MarketEnv(PUPILS)


def episode(env: SingleEnv, seed: int | None = None) -> tuple[int, list[float]]:
    """The seed that it states, and what is seen and earned."""
    seen, about = env.reset(seed=seed)
    told = list(map(float, seen))
    for _ in range(BLOCKS):
        seen, reward, *_ = env.step(HALF)
        told += [*map(float, seen), reward]
    return about["seed"], told


def episodes(env: SingleEnv, seed: int | None, count: int = 4) -> list[tuple[int, list[float]]]:
    return [episode(env, seed), *(episode(env) for _ in range(count - 1))]


def all_different(stories: list[tuple[int, list[float]]]) -> bool:
    return len({str(story) for story in stories}) == len({seed for seed, _ in stories}) == len(stories)


def test_every_reset_goes_on_to_a_new_episode():
    stories = episodes(single(), 3)
    assert all_different(stories)
    assert stories[0][0] == 3


def test_a_seed_gives_the_same_sequence_of_episodes():
    env = single()
    stories = episodes(env, 3)
    assert episodes(env, 3) == episodes(single(), 3) == stories
    assert all_different([*stories, *episodes(env, 4)])


def test_the_seed_that_is_stated_brings_an_episode_back():
    *_, third, fourth = episodes(single(), 3)
    assert episode(single(), third[0]) == third
    assert episode(single(), fourth[0]) == fourth


def test_a_fresh_environment_draws_from_entropy_and_says_its_seed():
    one, other = episodes(single(), None), episodes(single(), None)
    assert all_different([*one, *other])
    assert episodes(single(), one[0][0]) == one


def test_an_episode_begins_in_the_folder_of_the_one_before_without_its_tables():
    env = several()
    env.reset(seed=3)
    records = env._engine.records
    env.step(dict.fromkeys(env.agents, 0.5))
    records.flush()
    (folder, *_), written = {table.folder for table in records._tables.values()}, env._tables.path / "parts"
    assert any(written.iterdir())
    env.reset()
    assert env._tables.path == folder
    assert not written.exists()
    env.close()
    assert not folder.exists()


def test_what_is_done_in_an_episode_does_not_change_the_next():
    env = single()
    env.reset(seed=3)
    env.step(HALF)
    assert episode(env) == episodes(single(), 3)[1]


@pytest.mark.parametrize("seed", [np.int64(3), np.uint8(3), np.array(3)])
def test_numbers_of_numpy_are_seeds(seed):
    assert episode(single(), seed) == episode(single(), 3)
    assert several().reset(seed)[1] == {name: {"seed": 3} for name in several().possible_agents}


@pytest.mark.parametrize("seed", [-1, 1.5, "3", True, np.int64(-2), math.nan])
@pytest.mark.parametrize("make", [single, several])
def test_what_is_no_seed_is_refused_and_changes_nothing(make, seed):
    env = make()
    env.reset(seed=3)
    with pytest.raises(InputError, match=r"seed is .*; give a whole number of 0 or more"):
        env.reset(seed=seed)
    assert str(env.reset()) == str(second_reset(make()))


def second_reset(env):
    env.reset(seed=3)
    return env.reset()


@pytest.mark.parametrize("levels", [None, 11])
@pytest.mark.parametrize(
    "action", [99, 11, -3, -1, 1.5, math.nan, math.inf, None, "0", [], [0.5, 0.5], {}, True, [[None]], 1j]
)
def test_actions_outside_the_space_are_refused(levels, action):
    if levels is None or not (isinstance(action, float) and 0 <= action <= 1):
        env, untouched = single(levels), single(levels)
        env.reset(seed=1), untouched.reset(seed=1)
        with pytest.raises(InputError, match="action is "):
            env.step(action)
        good = HALF if levels is None else np.int64(5)
        assert str(env.step(good)) == str(untouched.step(good))


def test_the_refusal_says_what_is_right():
    env = single(11)
    env.reset(seed=1)
    with pytest.raises(InputError, match=r"^action is 99; give one of the levels 0 … 10$"):
        env.step(99)
    env = single()
    env.reset(seed=1)
    with pytest.raises(InputError, match=r"^action is nan; give a share from 0 to 1$"):
        env.step(math.nan)


@pytest.mark.parametrize("action", [0.5, [0.5], np.float64(0.5), np.array([0.5]), np.array([[0.5]])])
def test_a_share_may_be_a_number_or_an_array_of_one(action):
    env, other = single(), single()
    env.reset(seed=1), other.reset(seed=1)
    assert str(env.step(action)) == str(other.step(HALF))


def test_one_action_for_each_agent():
    env = several()
    names = env.possible_agents
    env.reset(seed=1)
    for actions in ({}, {names[0]: HALF}, {**dict.fromkeys(names, HALF), "nobody": HALF}):
        with pytest.raises(InputError, match=r"^actions are of .*; give one for each of "):
            env.step(actions)


@pytest.mark.parametrize("make", [single, several])
def test_no_step_before_a_reset_or_after_the_end(make):
    env = make()
    action = HALF if make is single else dict.fromkeys(env.possible_agents, HALF)
    with pytest.raises(ResetNeeded):
        env.step(action)
    env.reset(seed=1)
    for _ in range(BLOCKS):
        env.step(action)
    with pytest.raises(ResetNeeded):
        env.step(action)


@pytest.mark.parametrize("mode", list(gymnasium.vector.AutoresetMode))
def test_environments_in_a_vector_go_on_to_new_episodes(mode):
    def play() -> tuple[list[int], np.ndarray]:
        envs = gymnasium.vector.SyncVectorEnv([single, single], autoreset_mode=mode)
        _, about = envs.reset(seed=1)
        stated, earned = [*about["seed"].tolist()], []
        for _ in range(3 * (BLOCKS + 1)):
            _, gains, _, cut, about = envs.step(np.full((2, 1), 0.5, np.float32))
            earned.append(gains)
            if mode is gymnasium.vector.AutoresetMode.DISABLED and cut.all():
                _, about = envs.reset(options={"reset_mask": cut})
            stated += about["seed"].tolist() if "seed" in about else []
        envs.close()
        return stated, np.array(earned)

    (stated, earned), (again, earned_again) = play(), play()
    assert stated[:2] == [1, 2]
    assert len(set(stated)) == len(stated) >= 6
    assert stated == again
    assert (earned == earned_again).all()


# The projects' own tests


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("levels", [None, 11])
def test_gymnasium_s_check(levels):
    check_env(single(levels), skip_render_check=True)


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_pettingzoo_s_tests():
    parallel_api_test(several(), num_cycles=50)
    parallel_seed_test(several, num_cycles=20)
    api_test(parallel_to_aec(several()), num_cycles=50)
    seed_test(lambda: parallel_to_aec(several()), num_cycles=20)


def test_who_has_signals_observes_its_own_forecast() -> None:
    """Rewards are the same for both; the second pupil knows no more than the law, whose mean is 1 ETH."""
    ahead = PUPILS["market"] | {"just_in_time": False}
    config = PUPILS | {"reward": {"process": "lognormal", "mean": 1.0, "sigma": 0.5}, "market": ahead}
    learner = config["agents"][0] | {"count": 1}
    env = MarketEnv(config | {"agents": [learner | {"signal_sigma": 0.3}, learner]})
    seen, _ = env.reset(seed=1)
    informed, blind = (float(seen[name][2]) for name in env.agents)
    assert blind == pytest.approx(1.0, rel=1e-6)
    assert abs(informed - blind) > 0.01
    env.close()
