"""What a finished structure says of its agents: what they earned, what was refused them, whether they acted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from experiments.lab.runs.folder import TABLES, read_manifest
from experiments.lab.runs.own_agents import own_agents
from experiments.lab.runs.tallies import readable
from experiments.lab.runs.violation_kinds import AgentViolations, ViolationKind, violation_kinds


class Participation(NamedTuple):
    """One structure. `own`: the agents that play the user's own strategies, and how the config names these.

    `turns`: how often each agent was asked (`asked`), and how many of its intents were carried out (`done`); none
    in a run of an earlier version.
    """

    structure: str
    profit_eth: Mapping[str, float]
    own: Mapping[str, str]
    turns: Mapping[str, Mapping[str, int]]
    kinds: Sequence[ViolationKind]

    def asked(self, agent: str) -> int | None:
        """How often an agent was asked; None where it is not known."""
        counts = self.turns.get(agent)
        return None if counts is None else counts["asked"]

    def is_idle(self, agent: str) -> bool:
        """Whether an agent is known to have done nothing."""
        return agent in self.turns and self.turns[agent]["done"] == 0

    def refused(self, agent: str) -> int:
        """Violations of an agent."""
        return sum(kind.agents[agent].rows for kind in self.kinds if agent in kind.agents)

    @property
    def is_failing(self) -> bool:
        """Whether a strategy of the user's own raises, or wants what is refused, and not only now and then what
        came too late."""
        return any(self.fails_by(kind, agent) for kind in self.kinds for agent in kind.agents)

    def fails_by(self, kind: ViolationKind, agent: str) -> bool:
        """The same of one agent and one kind."""
        return agent in self.own and (not kind.is_costless or self.is_idle(agent))


class PlayedFolder(NamedTuple):
    """Where one structure lies, and its summary."""

    path: Path
    summary: Mapping[str, Any]


def read_participation(folder: Path, summary: Mapping[str, Any]) -> Participation:
    """What the folder of a structure says, whose summary is known. Raises `InputError`."""
    manifest = read_manifest(folder)
    with readable(folder / TABLES):
        kinds = violation_kinds(folder / TABLES) if summary["violations"] else []
    return Participation(
        manifest["structure"], summary["profit_eth"], own_agents(manifest), manifest.get("turns", {}), kinds
    )


def own_first(played: Sequence[Participation]) -> list[str]:
    """All agents, those with the user's own strategies before the others."""
    own = played[0].own
    return [*own, *(name for name in played[0].profit_eth if name not in own)]


def how_often(own: AgentViolations, asked: int | None) -> str:
    """`30 of 30 turns`; `120 times in 30 of 30 turns`; else `3 times`."""
    if not asked:
        return f"{own.rows:,} times" if own.rows > 1 else "once"
    turns = f"{own.turns:,} of {asked:,} turns"
    return turns if own.rows == own.turns else f"{own.rows:,} times in {turns}"


def since(own: AgentViolations) -> str:
    """`from block 0 on (bid)`: the first time."""
    slot, phase = own.first
    place = f"block {slot:,}" if slot >= 0 else "the sale before block 0"
    return f"first in {place} ({phase})"


def idle_of(folders: Sequence[PlayedFolder]) -> list[str]:
    """What must be said of the user's own strategies, whatever else is told: which of them never acted."""
    return idle_lines([read_participation(*folder) for folder in folders])


def idle_lines(played: Sequence[Participation]) -> list[str]:
    """A line for each strategy of the user's own that never acted: which agents play it, and what came of it."""
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for agent, strategy in played[0].own.items():
        if where := idle_under(agent, played):
            found.setdefault((strategy, where), []).append(agent)
    return [
        idle_line(strategy, agents, [one for one in played if one.structure in where], len(played) > len(where))
        for (strategy, where), agents in found.items()
    ]


def idle_under(agent: str, played: Sequence[Participation]) -> tuple[str, ...]:
    """The structures under which it was asked and did nothing; all of them where it was never asked at all."""
    where = tuple(one.structure for one in played if one.is_idle(agent) and one.asked(agent))
    if where or not all(one.is_idle(agent) for one in played):
        return where
    return tuple(one.structure for one in played)


def idle_line(strategy: str, agents: Sequence[str], where: Sequence[Participation], is_part: bool) -> str:
    """What is said of one strategy."""
    asked = sum(one.asked(agent) or 0 for one in where for agent in agents)
    refused = sum(one.refused(agent) for one in where for agent in agents)
    under = f" under {' and '.join(one.structure for one in where)}" if is_part else ""
    return never_acted(strategy, under, agents, asked, refused)


def never_acted(strategy: str, where: str, agents: Sequence[str], asked: int, refused: int) -> str:
    """What is said of a strategy whose agents did nothing: how often they were asked, and refused something."""
    if not asked:
        found = f"{strategy} never acted{where}: there was no phase in which to ask {several(agents)}"
        return f"{found}; `et-testbed check` names a method that nobody asks for, as a misspelt one"
    was = "were" if agents[1:] else "was"
    came = f"nothing came but violations ({refused:,})" if refused else "no intent came"
    return f"{strategy} never acted{where}: {several(agents)} {was} asked {asked:,} times, and {came}"


def several(agents: Sequence[str]) -> str:
    """`patient-9`, or `patient-9 and 49 others`."""
    first, *others = agents
    return first if not others else f"{first} and {len(others):,} {'others' if len(others) > 1 else 'other'}"
