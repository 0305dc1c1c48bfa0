"""The rewards of blocks: their laws, one run of them, and what is publicly known."""

from chain.rewards.ar1 import AR1
from chain.rewards.constant import Constant
from chain.rewards.exponential import Exponential
from chain.rewards.lognormal import Lognormal
from chain.rewards.mevboost import MevBoost, MevBoost2026
from chain.rewards.outlook import Outlook
from chain.rewards.payment_replay import EndOfRewards, PaymentReplay
from chain.rewards.process import RewardPath, RewardProcess
from chain.rewards.uniform import Uniform

PROCESSES: dict[str, type[RewardProcess]] = {
    "constant": Constant,
    "uniform": Uniform,
    "lognormal": Lognormal,
    "exponential": Exponential,
    "ar1": AR1,
    "mevboost": MevBoost,
    "mevboost_2026": MevBoost2026,
    "replay": PaymentReplay,
}
"""Each process under the name by which a configuration asks for it."""

__all__ = [
    "AR1",
    "PROCESSES",
    "Constant",
    "EndOfRewards",
    "Exponential",
    "Lognormal",
    "MevBoost",
    "MevBoost2026",
    "Outlook",
    "PaymentReplay",
    "RewardPath",
    "RewardProcess",
    "Uniform",
]
