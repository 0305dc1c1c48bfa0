"""The testbed as an environment for reinforcement learning."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.extras import needs
from tests.places import DOCS

needs("gymnasium", "rl", __file__)

import experiments
from experiments.lab.config.errors import InputError
from experiments.lab.rl import MarketEnv, SingleEnv
from experiments.lab.rl.market_env import SEEN
from experiments.lab.rl.markets import first_price

EXAMPLE = Path(experiments.__path__[0]) / "examples" / "learn_to_bid.py"
BEST = 2 / 3


@pytest.fixture(scope="module")
def example():
    spec = importlib.util.spec_from_file_location("learn_to_bid", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    sys.modules["learn_to_bid"] = module
    spec.loader.exec_module(module)
    return module


def rewards(seed: int, share: float) -> list[float]:
    env = SingleEnv(first_price(blocks=15))
    env.reset(seed=seed)
    return [env.step(np.array([share], np.float32))[1] for _ in range(15)]


def test_the_same_seed_gives_the_same_rewards():
    assert rewards(3, 0.5) == rewards(3, 0.5) != rewards(4, 0.5)


def test_rewards_are_what_the_money_grows_by():
    env = MarketEnv(first_price(rivals=1, pupils=2, blocks=40))
    seen, _ = env.reset(seed=5)
    start = {name: float(seen[name][SEEN.index("free money, ETH")]) for name in env.possible_agents}
    total = dict.fromkeys(start, 0.0)
    while env.agents:
        seen, gains, ended, cut, _ = env.step(dict.fromkeys(env.agents, np.array([0.6], np.float32)))
        total = {name: total[name] + gains[name] for name in total}
    assert (set(ended.values()), set(cut.values())) == ({False}, {True})
    for name, gain in total.items():
        assert gain > 0
        assert seen[name][4] - start[name] == pytest.approx(gain, abs=0.1)  # a million ETH in 32 bits


def test_levels_are_shares():
    """Of eleven, the sixth is a half."""
    one, other = SingleEnv(first_price(blocks=10), levels=11), SingleEnv(first_price(blocks=10))
    one.reset(seed=1), other.reset(seed=1)
    assert [one.step(5)[1] for _ in range(10)] == [other.step([0.5])[1] for _ in range(10)]


def test_a_block_s_profit_is_that_of_the_closed_form(example):
    """At share b of the value v the profit is v (1 − b) (1.5 b v)^2 on average, 1.5 b below 1."""
    env = SingleEnv(first_price(rivals=2, blocks=1500))
    for share in (0.4, BEST):
        values, profits = example.play(env, np.full(1500, share), seed=11)
        theory = values * (1 - share) * (1.5 * share * values) ** 2
        rest = profits - theory
        assert abs(rest.mean()) <= 4 * rest.std() / 1500**0.5
        assert ((values >= 0) & (values <= 1)).all()


def test_the_learner_gets_better(example):
    """In a few batches from a share of 0.2, which brings 43 % of the best profit, to above 0.35: 80 %."""
    assert example.learn(batches=14, seed=1, start=0.2) > 0.35


@pytest.mark.slow
def test_the_learner_comes_within_two_percent_of_equilibrium(example):
    ratio, error = example.compare(example.learn())
    assert error < 0.01
    assert ratio >= 0.98


@pytest.mark.parametrize(
    ("config", "levels", "message"),
    [
        ({"blocks": 5}, None, "nobody learns"),
        (first_price(pupils=1), 1, "levels is 1"),
        (first_price() | {"market": {"structure": ["pbs", "et"]}}, None, "an environment has one"),
    ],
)
def test_what_makes_no_sense_is_refused(config, levels, message):
    with pytest.raises(InputError, match=message):
        MarketEnv(config, levels)


def test_one_learner_means_one():
    with pytest.raises(InputError, match="2 learn"):
        SingleEnv(first_price(pupils=2))


def test_the_page_s_example_runs():
    page = (DOCS / "learning.md").read_text(encoding="utf-8")
    space: dict[str, object] = {}
    exec(page.partition("```python\n")[2].partition("```")[0], space)
    assert space["done"] is True
    assert space["seen"].shape == (len(SEEN),)  # type: ignore[attr-defined]
