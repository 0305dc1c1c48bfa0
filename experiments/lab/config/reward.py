"""`[reward]`: a table of keys for each process."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field

from chain.rewards import payments_2023, payments_2026
from experiments.lab.config.section import Eth, Name, Section, Text


class ConstantRewardKeys(Section):
    process: Literal["constant"]
    value: Eth = Field(0.1, description="the reward of every block, ETH")


class UniformRewardKeys(Section):
    process: Literal["uniform"]
    low: Eth = Field(0.0, description="lowest reward, ETH")
    high: Eth = Field(1.0, description="highest reward, ETH")


class LognormalRewardKeys(Section):
    process: Literal["lognormal"]
    mean: Eth = Field(0.122561, description="mean reward, ETH")
    sigma: float = Field(1.0, ge=0, allow_inf_nan=False, description="standard deviation of the log reward")


class ExponentialRewardKeys(Section):
    process: Literal["exponential"]
    mean: Eth = Field(0.122561, description="mean reward, ETH")


class Ar1RewardKeys(Section):
    process: Literal["ar1"]
    mean: Eth = Field(0.122561, description="stationary mean reward, ETH")
    phi: float = Field(0.9, gt=-1, lt=1, allow_inf_nan=False, description="autocorrelation of the log reward")
    sigma: float = Field(0.5, ge=0, allow_inf_nan=False, description="standard deviation of its innovations")
    start: Eth | None = Field(None, description="reward of block 0, ETH; left out: at the mean of the log")


Scale = Annotated[float, Field(gt=0, le=1e6, allow_inf_nan=False)]


Knows = Annotated[
    Literal["last", "past"],
    Field(description="what bidders know of past rewards: the last one alone, or what a filter learns from all"),
]


class MevboostRewardKeys(Section):
    process: Literal["mevboost"]
    scale: Scale = Field(1.0, description="every payment is multiplied by it; 1: as from Oct 2023 to Apr 2024")
    knows: Knows = "last"


class Mevboost2026RewardKeys(Section):
    process: Literal["mevboost_2026"] = "mevboost_2026"
    scale: Scale = Field(1.0, description="every payment is multiplied by it; 1: as from Feb to Jul 2026")
    knows: Knows = "last"


class ReplayRewardKeys(Section):
    process: Literal["replay"]
    file: Name = Field(description="payments: a file of Parquet, CSV or a relay's JSON; docs/runs.md")
    column: Text | None = Field(None, description="payment column; left out: found by its name")
    unit: Literal["eth", "gwei", "wei"] | None = Field(None, description="its unit; left out: by its name")
    missing: Literal["zero", "skip", "error"] = Field(
        "zero", description="what a missing payment means: a reward of 0, a block left out, an error"
    )


Reward = Annotated[
    ConstantRewardKeys
    | UniformRewardKeys
    | LognormalRewardKeys
    | ExponentialRewardKeys
    | Ar1RewardKeys
    | MevboostRewardKeys
    | Mevboost2026RewardKeys
    | ReplayRewardKeys,
    Field(discriminator="process"),
]


def usual_reward(reward: Reward) -> float:
    """The highest reward, ETH, or the mean where there is no highest; 0 where payments say what it is."""
    match reward:
        case ConstantRewardKeys():
            return reward.value
        case UniformRewardKeys():
            return reward.high
        case MevboostRewardKeys():
            return payments_2023.MEAN * reward.scale
        case Mevboost2026RewardKeys():
            return payments_2026.MEAN * reward.scale
        case ReplayRewardKeys():
            return 0.0
    return reward.mean


PROCESSES: dict[str, type[Section]] = {
    kind.model_fields["process"].annotation.__args__[0]: kind for kind in get_args(get_args(Reward)[0])
}
"""The keys of each process, by its name."""
