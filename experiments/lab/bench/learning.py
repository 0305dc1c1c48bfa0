"""Steps of the learning environments, in short and in long episodes, and over two processes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from gymnasium.vector import SyncVectorEnv

from experiments.lab.bench.measure import Line, a_second, beside, rounds
from experiments.lab.bench.yardsticks import heap_auctions
from experiments.lab.rl.grouped_envs import GroupedEnvs
from experiments.lab.rl.market_env import MarketEnv
from experiments.lab.rl.markets import first_price
from experiments.lab.rl.single_env import SingleEnv

STEPS = 400
SHORT, LONG = 4, 500
VECTOR, PROCESSES = 32, 2
VECTOR_STEPS = 80


def bench_learning() -> Iterator[Line]:
    """One learner by Gymnasium's interface, and two by PettingZoo's; a step is a slot."""
    for blocks, bar in ((SHORT, 480.0), (LONG, 240.0)):
        alone, among = (
            SingleEnv(first_price(blocks=blocks)),
            MarketEnv(first_price(rivals=1, pupils=2, blocks=blocks)),
        )
        for name, steps in (("Gymnasium", partial(step_alone, alone)), ("PettingZoo", partial(step_among, among))):
            yield beside(
                f"a step of {name}, episodes of {blocks} slots: an auction on a heap",
                steps,
                heap_auctions(STEPS),
                bar,
                a_second(STEPS),
            )


def step_alone(env: SingleEnv) -> None:
    """Steps of one learner, from a reset on."""
    env.reset(seed=1)
    for _ in range(STEPS):
        if env.step(0.5)[3]:
            env.reset()


def step_among(env: MarketEnv) -> None:
    """The same of several in one market."""
    env.reset(seed=1)
    for _ in range(STEPS):
        env.step(dict.fromkeys(env.agents, 0.5))
        if not env.agents:
            env.reset()


def bench_vector() -> Iterator[Line]:
    """Environments in two processes against all of them one after the other, by the clock."""
    config = first_price(blocks=LONG)
    vectors: list[Any] = [
        GroupedEnvs(config, VECTOR, PROCESSES),
        SyncVectorEnv([partial(SingleEnv, config)] * VECTOR),
    ]
    beside_, alone = rounds(*(partial(step_vector, env) for env in vectors), count=3, clock=time.perf_counter)
    for env in vectors:
        env.close()
    speed = f"{VECTOR * VECTOR_STEPS / min(beside_):,.0f} a s"
    what = f"steps of {VECTOR} environments in two processes: in one"
    yield Line(what, speed, min(beside_) / min(alone), 1 / 1.8)


def step_vector(env: Any) -> None:
    """Steps of all of them."""
    env.reset(seed=1)
    shares = np.full((VECTOR, 1), 0.5, np.float32)
    for _ in range(VECTOR_STEPS):
        env.step(shares)
