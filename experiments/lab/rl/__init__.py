"""The testbed as an environment for reinforcement learning: PettingZoo for many learners, Gymnasium for one.

Needs the extra `rl`. `market_env` and `single_env` are the environments, `grouped_envs` many of the latter at
once, `markets` what to learn in, `pupil` the strategy whose bids come from outside.
"""

from experiments.lab.config.extras import check_extra

check_extra("a learning environment", "gymnasium", "rl")
check_extra("a learning environment", "pettingzoo", "rl")

from experiments.lab.rl.grouped_envs import GroupedEnvs
from experiments.lab.rl.market_env import SEEN, MarketEnv
from experiments.lab.rl.markets import first_price
from experiments.lab.rl.single_env import SingleEnv

__all__ = ["SEEN", "GroupedEnvs", "MarketEnv", "SingleEnv", "first_price"]
