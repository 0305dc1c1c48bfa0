"""`[reward]`: a table of keys for each process."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from chain.rewards import PROCESSES as LAWS
from experiments.lab.config.law_keys import OWN, LawKeys, OwnLawKeys, OwnName, chosen_by, keys_of
from experiments.lab.config.section import Section

USUAL = "mevboost_2026"
"""The process where a config names none."""


class OwnRewardKeys(OwnLawKeys):
    process: OwnName = Field(description="`path.py:Class`, a law of one's own")


PROCESSES: dict[str, type[LawKeys]] = {
    name: keys_of(law, "process", name, "RewardKeys", is_usual=name == USUAL) for name, law in LAWS.items()
}
"""The keys of each process, by its name."""

Reward: Any = chosen_by("process", {**PROCESSES, OWN: OwnRewardKeys})


def usual_rewards() -> Section:
    """Those of a config that says nothing of rewards."""
    return PROCESSES[USUAL]()


def is_own(reward: Section) -> bool:
    """Whether it is a law of one's own."""
    return isinstance(reward, OwnRewardKeys)


def usual_reward(reward: Any) -> float:
    """The highest reward, ETH, or the mean where there is no highest; 0 where keys do not say."""
    return 0.0 if is_own(reward) else LAWS[reward.process].usual_eth(reward.taken)
