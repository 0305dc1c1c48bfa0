"""Rules of a game to try a strategy under."""

from __future__ import annotations

import numpy as np

from chain.money import eth_to_gwei
from market.costs import UniformCost
from market.resale import RESALE
from strategies.setup import Setup


def plain_setup(rng: np.random.Generator, account: int = 1) -> Setup:
    """A lottery for 33 tickets that never expire, resold at any time, among five buyers."""
    cost = UniformCost(0, eth_to_gwei(0.02))
    return Setup("tester", account, rng, 33, None, 0, "lottery", RESALE["both"], 5, cost, 0, True)
