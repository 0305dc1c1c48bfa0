"""One learner in a market, after Gymnasium's interface (Towers et al. 2024)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gymnasium

from experiments.lab.config.errors import InputError
from experiments.lab.rl.episodes import whole
from experiments.lab.rl.market_env import MarketEnv, Observation


class SingleEnv(gymnasium.Env[Any, Any]):
    """`MarketEnv` with its one pupil. Raises `InputError` where there is none, or more than one."""

    metadata: dict[str, Any] = {"render_modes": []}  # noqa: RUF012

    def __init__(self, config: Mapping[str, Any] | Path | str | None = None, levels: int | None = None) -> None:
        self._market = MarketEnv(config, levels)
        if len(self._market.possible_agents) != 1:
            raise InputError(f"agents: {len(self._market.possible_agents)} learn; take `MarketEnv`, or one pupil")
        (self._name,) = self._market.possible_agents
        self.observation_space = self._market.observation_space(self._name)
        self.action_space = self._market.action_space(self._name)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observation, dict[str, Any]]:
        """A new episode: the first of `seed`, or the next one. The info has its seed. Raises `InputError`."""
        first = None
        if seed is not None:
            first = whole(seed)
        super().reset(seed=first)
        observed, about = self._market.reset(first, options)
        return observed[self._name], about[self._name]

    def step(self, action: Any) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """Play a slot. Raises `InputError` for an action outside the space, `ResetNeeded` where none is played."""
        observed, reward, ended, cut, about = self._market.step({self._name: action})
        name = self._name
        return observed[name], reward[name], ended[name], cut[name], about[name]

    def close(self) -> None:
        """Throw the run's tables away."""
        self._market.close()
