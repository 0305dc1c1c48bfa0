"""Learners in one market, after PettingZoo's parallel interface (Terry et al. 2021)."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from gymnasium.error import ResetNeeded
from gymnasium.spaces import Box, Space
from pettingzoo import ParallelEnv

from chain.clock import Phase
from chain.held_folder import HeldFolder
from chain.money import GWEI_PER_ETH
from chain.records import PARTS
from experiments.lab.assembly.assembly import assemble, make_driver
from experiments.lab.config.errors import InputError
from experiments.lab.config.loading import folder_of, read_config
from experiments.lab.rl.episodes import Episodes
from experiments.lab.rl.markets import first_price
from experiments.lab.rl.pupil import Pupil
from experiments.lab.rl.shares import Shares, shown

Observation = npt.NDArray[np.float32]

SEEN = (
    "own cost of the next block, ETH; 0 for one who cannot build",
    "own cost of the block after it, which the next slot may sell, ETH",
    "expected reward of the next block, ETH",
    "the reward of this block, ETH; 0 before block 0",
    "free money, ETH",
    "tickets held",
    "tickets in the urn",
    "profit of the last slot, ETH",
    "share of the blocks that are done",
)
"""What an observation holds, in its order, at the end of a slot."""


class MarketEnv(ParallelEnv):
    """A run of a config, a step a slot. Its agents are the seats that play `experiments.lab.rl.pupil:Pupil`.

    An action is the share of its value that a pupil bids in the slot, in [0, 1]; with `levels` it is one of so
    many shares, 0 … 1. The reward is what its money (free and in escrow) grew by, ETH. Raises `InputError` for a
    config without pupils, or with several market structures.

    Seeded once, every reset goes on to a new episode, as Gymnasium has it. The config's seed is not used.
    """

    metadata = {"name": "execution_tickets_v0", "render_modes": []}  # noqa: RUF012
    render_mode = None

    def __init__(self, config: Mapping[str, Any] | Path | str | None = None, levels: int | None = None) -> None:
        self._folder = folder_of(config)
        self._config = read_config(first_price() if config is None else config)
        if len(self._config.market.structures) != 1:
            raise InputError("market.structure: an environment has one; name one of them")
        self._shares = Shares(levels)
        self._episodes = Episodes()
        self._tables: HeldFolder | None = None
        self._begin(self._config.seed)  # only to see who learns
        self.possible_agents = list(self._accounts)
        self.agents: list[str] = []
        if not self.possible_agents:
            raise InputError('agents: nobody learns; give a group strategy = "experiments.lab.rl.pupil:Pupil"')
        self.observation_spaces = {name: self._sight() for name in self.possible_agents}
        self.action_spaces = {name: self._shares.space() for name in self.possible_agents}

    def observation_space(self, agent: str) -> Space[Any]:
        """Nine numbers: see `SEEN`."""
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> Space[Any]:
        """A share, or one of the levels."""
        return self.action_spaces[agent]

    def reset(
        self,
        seed: int | None = None,
        options: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> tuple[dict[str, Observation], dict[str, dict[str, Any]]]:
        """A new episode: the first of `seed`, or the next one; without any seed so far, one from entropy.

        The info of each agent says the `seed` of the episode, which brings it back. Raises `InputError` for
        what is no seed.
        """
        taken = self._episodes.next(seed)
        self._begin(taken)
        self.agents = list(self._accounts)
        self._money = {name: self._wealth(name) for name in self.agents}
        return self._observe(dict.fromkeys(self.agents, 0.0)), {name: {"seed": taken} for name in self.agents}

    def _begin(self, seed: int) -> None:
        """A run from block 0, in the folder of the one before: making and removing one costs half a reset."""
        if self._tables is None:
            self._tables = HeldFolder()
        shutil.rmtree(self._tables.path / PARTS, ignore_errors=True)
        config = self._config.model_copy(update={"seed": seed})
        structure = config.market.structures[0]
        engine = assemble(config, structure, self._tables.path, self._folder, "off", False)
        self._engine = engine
        self._driver = make_driver(engine)
        self._accounts = {
            engine.state.accounts[number].name: (number, pupils)
            for number, agent in engine.agents.items()
            if (pupils := [player for player in agent.strategies.values() if isinstance(player, Pupil)])
        }
        self._driver.open()

    def step(
        self, actions: Mapping[str, Any]
    ) -> tuple[
        dict[str, Observation], dict[str, float], dict[str, bool], dict[str, bool], dict[str, dict[str, Any]]
    ]:
        """Play a slot. The episode ends by truncation, after the config's blocks.

        Raises `InputError` for actions outside the space, or not one for each agent, and `ResetNeeded` before the
        first reset and after the end; the slot is then not played.
        """
        for name, share in self._chosen(actions).items():
            for pupil in self._accounts[name][1]:
                pupil.share = share
        self._driver.run_slot()
        before, self._money = self._money, {name: self._wealth(name) for name in self.agents}
        profits = {name: (self._money[name] - before[name]) / GWEI_PER_ETH for name in self.agents}
        over = self._driver.blocks_done >= self._config.blocks
        observed, there = self._observe(profits), self.agents
        if over:
            self.agents = []
        return (
            observed,
            profits,
            dict.fromkeys(there, False),
            dict.fromkeys(there, over),
            {name: {} for name in there},
        )

    def close(self) -> None:
        """Throw the run's tables away."""
        if self._tables is not None:
            self._tables.remove()
            self._tables = None

    def _chosen(self, actions: Mapping[str, Any]) -> dict[str, float]:
        """The share that each agent bids."""
        if not self.agents:
            raise ResetNeeded("no episode is going on; call reset() first")
        if set(actions) != set(self.agents):
            raise InputError(
                f"actions are of {shown(sorted(actions, key=str))}; give one for each of {self.agents}"
            )
        return {name: self._shares.share(actions[name]) for name in self.agents}

    def _wealth(self, name: str) -> int:
        ledger = self._engine.state.ledger
        number = self._accounts[name][0]
        return ledger.free(number) + ledger.escrowed(number)

    def _observe(self, profits: Mapping[str, float]) -> dict[str, Observation]:
        viewer = self._engine.market.viewer
        market = viewer.market(Phase.CLOSE)
        done = self._driver.blocks_done / self._config.blocks
        views = {name: viewer.view(self._accounts[name][0], market) for name in profits}
        following = market.slot + 1
        now = market.outlook.reward_gwei or 0
        return {
            name: np.array(
                [
                    *self._own_costs(name, following),
                    view.outlook.expected_reward(following) / GWEI_PER_ETH,
                    now / GWEI_PER_ETH,
                    view.free_gwei / GWEI_PER_ETH,
                    len(view.tickets),
                    market.urn,
                    profits[name],
                    done,
                ],
                dtype=np.float32,
            )
            for name, view in views.items()
        }

    def _own_costs(self, name: str, block: int) -> list[float]:
        """Of a block and the next one, ETH."""
        path = self._engine.market.costs[self._accounts[name][0]]
        if path is None:
            return [0.0, 0.0]
        return [cost / GWEI_PER_ETH for cost in path.between(block, block + 1)]

    def _sight(self) -> Box:
        return Box(-np.inf, np.inf, (len(SEEN),), np.float32)
