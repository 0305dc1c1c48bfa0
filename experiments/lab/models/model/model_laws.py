"""The laws that a model file names; those of the user's own are read once for as long as their files stay as they
are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from chain.rewards import AR1, PROCESSES, RewardProcess
from chain.rewards.independent import Independent
from experiments.lab.assembly.own_laws import own_costs, own_rewards
from experiments.lab.config.reward import OwnRewardKeys
from experiments.lab.models.model.round_spec import RoundModel
from experiments.lab.models.model.spec import Model, OwnCostKeys
from market.cost_laws import CostLaw
from strategies.finding import locate, own_family, split_reference

SLOT_SECONDS = 12.0


def make_process(model: Model | RoundModel) -> RewardProcess:
    """The reward process. Raises `ValueError` for parameters or a file that are no good."""
    reward = model.reward
    assert reward is not None
    if isinstance(reward, OwnRewardKeys):
        return own_rewards_at(*own_key(reward.process, reward.parameters))
    return PROCESSES[reward.process](**reward.taken)


def own_costs_of(cost: OwnCostKeys) -> CostLaw:
    """The law of θ of the user's own. Raises `InputError`."""
    return own_costs_at(*own_key(cost.distribution, cost.parameters))


def has_law(process: RewardProcess) -> bool:
    """Whether the theory has a law of the rewards, and need not look at paths."""
    return isinstance(process, (Independent, AR1))


def own_key(name: str, parameters: Mapping[str, Any]) -> tuple[str, str, str]:
    """A law of the user's own: its name, its parameters, and the digest of its files."""
    place, attribute = split_reference(name)
    digest = own_family(place, attribute, Path()).digest if place.endswith(".py") else ""
    return name, json.dumps(parameters, sort_keys=True), digest


@lru_cache(maxsize=16)
def own_rewards_at(name: str, parameters: str, digest: str) -> RewardProcess:  # noqa: ARG001
    """Rewards by their key."""
    return own_rewards(name, json.loads(parameters), "model.reward", Path(), SLOT_SECONDS)


@lru_cache(maxsize=16)
def own_costs_at(name: str, parameters: str, digest: str) -> CostLaw:  # noqa: ARG001
    """Costs by their key."""
    return own_costs(name, json.loads(parameters), "model.cost", Path())


def from_folder(name: str, folder: Path) -> str:
    """The same law as it is found from anywhere."""
    place, attribute = split_reference(name)
    return f"{locate(place, folder).absolute()}:{attribute}" if place.endswith(".py") else name
