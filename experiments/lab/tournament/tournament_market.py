"""The market of a tournament: a config in which one group of agents makes room for the entrants."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from chain.money import gwei_to_eth
from experiments.lab.assembly.seats import find_classes, make_strategies
from experiments.lab.config.agents import Agents
from experiments.lab.config.config import Config
from experiments.lab.config.errors import InputError
from experiments.lab.played.results import Result
from experiments.lab.tournament.entrants import Entrant
from experiments.lab.tournament.formats import Lineup
from strategies.finding import find_strategy


class TournamentMarket:
    """A config, and the number of the group whose seats the entrants take. Raises `InputError`."""

    def __init__(self, config: Config, entrants: Sequence[Entrant], group: int | None, folder: Path) -> None:
        self.config = config
        self.entrants = list(entrants)
        self._folder = folder
        self._kinds = [find_strategy(entrant.strategy, None, folder) for entrant in entrants]
        self.group = self._fitting_group() if group is None else self._checked(group)
        self.seats = config.agents[self.group].count
        for entrant in entrants:
            roles = self._roles(entrant)
            kinds = {role: find_strategy(entrant.strategy, role, folder) for role in roles}
            make_strategies(kinds, entrant.parameters, f"--entrants {entrant.label}")

    @property
    def first_seat(self) -> int:
        """The number of the entrants' first seat, from 1."""
        return 1 + sum(group.count for group in self.config.agents[: self.group])

    def agents(self, lineup: Lineup) -> list[dict[str, Any]]:
        """The agents of the config with a lineup in the place of the group."""
        groups = [plain(group) for group in self.config.agents]
        seated = [groups[self.group] | self._seated(self.entrants[number]) for number in lineup]
        return [*groups[: self.group], *seated, *groups[self.group + 1 :]]

    def _seated(self, entrant: Entrant) -> dict[str, Any]:
        group = self.config.agents[self.group]
        roles = self._group_roles(group)
        can_build = group.can_build
        if can_build is None:
            can_build = bool({"buyer", "builder"} & set(roles))
        own = {"strategy": entrant.strategy, "role": self._roles(entrant), "parameters": entrant.parameters}
        return {**own, "count": 1, "can_build": can_build}

    def _roles(self, entrant: Entrant) -> list[str]:
        """The roles of the group that the entrant can play. Raises `InputError` where there is none."""
        group = self.config.agents[self.group]
        roles = [role for role in self._group_roles(group) if self._plays(entrant, role)]
        if not roles:
            raise InputError(
                f"--entrants: {entrant.label} plays none of the roles of agents.{self.group}, "
                f"{', '.join(self._group_roles(group))}; name another group with --group"
            )
        return roles

    def _plays(self, entrant: Entrant, role: str) -> bool:
        try:
            return role in find_strategy(entrant.strategy, role, self._folder).roles
        except ValueError:
            return False

    def _group_roles(self, group: Agents) -> list[str]:
        return list(find_classes(group, "agents", self._folder))

    def _fitting_group(self) -> int:
        """The first group that plays a role which all entrants can play."""
        for number, group in enumerate(self.config.agents):
            roles = self._group_roles(group)
            if all(any(self._plays(entrant, role) for role in roles) for entrant in self.entrants):
                return number
        raise InputError("--entrants: no group of the config plays a role that all entrants can play")

    def _checked(self, group: int) -> int:
        if not 0 <= group < len(self.config.agents):
            raise InputError(f"--group {group}: is not one of 0 … {len(self.config.agents) - 1}")
        return group


def plain(group: Agents) -> dict[str, Any]:
    """A group as in a config file: without what is left out."""
    return {key: value for key, value in group.model_dump(mode="json").items() if value is not None}


def payoffs(result: Result) -> dict[str, float | None]:
    """What each seat earned, ETH, and how many tickets it bought, of the protocol or of others; what was made of
    the blocks, and the most that could have been, ETH. A metric for each."""
    trades, blocks = result.trades, result.blocks
    bought = trades.buyer[trades.market.isin(("primary", "secondary"))].value_counts()
    found: dict[str, float | None] = {
        "made": gwei_to_eth(blocks.net_gwei.sum()),
        "greatest": gwei_to_eth(blocks.best_gwei.sum()),
    }
    for seat, (name, profit) in enumerate(result.summary["profit_eth"].items(), 1):
        found |= {f"profit_{seat}": profit, f"tickets_{seat}": float(bought.get(name, 0))}
    return found
