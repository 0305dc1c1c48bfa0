"""Private signals in a made-up market."""

from __future__ import annotations

import numpy as np

from chain.rewards import RewardPath
from chain.rewards.process import RewardProcess
from chain.rewards.reward_signals import signals_of
from market.own_outlooks import BlockOutlooks, Noise


def signals_in(seed: int, process: RewardProcess, account: int, horizon: int) -> BlockOutlooks:
    """Those of one who has signals of the rewards of a scene, so many blocks ahead."""
    rng = np.random.default_rng((5, seed))
    noise = Noise(float(10 ** rng.uniform(-2, 1)), rng)
    ahead = RewardPath(process, np.random.default_rng((3, seed)))
    about = signals_of(process)
    assert about is not None
    return BlockOutlooks(about, ahead, horizon, {account: noise})
