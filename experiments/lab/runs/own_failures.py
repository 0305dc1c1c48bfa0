"""What goes wrong with the user's own strategies, over many runs: told once for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from experiments.lab.processes.told_once import warn_each
from experiments.lab.runs.folder import read_manifest
from experiments.lab.runs.own_agents import own_agents
from experiments.lab.runs.taking_part import Participation, never_acted, read_participation, several

IDLE = "never acted"
"""The key of who did nothing."""
MOST_KINDS = 5  # of violations, in one warning each
REMEDY = "; strict stops at the first violation, with its traceback"


class OwnFailure(NamedTuple):
    """What one strategy did wrong in one run, by one kind of violation; or one agent of it that did nothing, of
    which `rows` were refused. `slot` and `phase`: the first time. All of it is plain data."""

    strategy: str
    key: str
    what: str
    agents: list[str]
    rows: int
    asked: int
    slot: int = 0
    phase: str = ""


class FailedRun(NamedTuple):
    """One run: how it is called, which others differ from it by their seeds alone, and what went wrong in it."""

    name: str
    alike: object
    failures: Sequence[OwnFailure]


def own_failures(folder: Path, summary: Mapping[str, Any]) -> list[OwnFailure]:
    """What went wrong in the folder of one structure, whose summary is known. Raises `InputError`."""
    if not own_agents(read_manifest(folder)):
        return []
    played = read_participation(folder, summary)
    return [*refused_of(played), *idle_in(played)]


def refused_of(played: Participation) -> Iterator[OwnFailure]:
    """A record for each kind of violation and strategy."""
    for kind in played.kinds:
        by_strategy: defaultdict[str, list[str]] = defaultdict(list)
        for agent in kind.agents:
            if played.fails_by(kind, agent):
                by_strategy[played.own[agent]].append(agent)
        for strategy, agents in by_strategy.items():
            every = [kind.agents[agent] for agent in agents]
            asked = sum(played.asked(agent) or 0 for agent in agents)
            rows = sum(own.rows for own in every)
            yield OwnFailure(strategy, kind.key, kind.what, agents, rows, asked, *min(own.first for own in every))


def idle_in(played: Participation) -> Iterator[OwnFailure]:
    """A record for each agent that did nothing."""
    for agent, strategy in played.own.items():
        if played.is_idle(agent):
            yield OwnFailure(strategy, IDLE, "", [agent], played.refused(agent), played.asked(agent) or 0)


def failure_lines(runs: Sequence[FailedRun]) -> dict[str, str]:
    """A line for each kind of violation and for each strategy that never acted in any of the runs that are alike,
    by what is the same where it happens elsewhere."""
    refused: defaultdict[str, list[tuple[FailedRun, OwnFailure]]] = defaultdict(list)
    for run in runs:
        for failure in run.failures:
            if failure.key != IDLE:
                refused[f"{failure.strategy} {failure.key}"].append((run, failure))
    often = sorted(refused, key=lambda key: -sum(failure.rows for _, failure in refused[key]))
    lines = {key: kind_line(refused[key], len(runs)) for key in often[:MOST_KINDS]}
    for key in often[:1]:
        lines[key] += REMEDY
    if often[MOST_KINDS:]:
        lines[often[MOST_KINDS]] = f"{len(often) - MOST_KINDS:,} more kinds of violations; tables have them all"
    return lines | {f"{strategy} {IDLE}": line for strategy, line in idle_lines_of(runs)}


def kind_line(found: Sequence[tuple[FailedRun, OwnFailure]], runs: int) -> str:
    """What is said of one kind of violation of one strategy."""
    first, failure = found[0]
    agents = list(dict.fromkeys(chain.from_iterable(one.agents for _, one in found)))
    rows = sum(one.rows for _, one in found)
    violations = "1 violation" if rows == 1 else f"{rows:,} violations"
    place = f"block {failure.slot:,}" if failure.slot >= 0 else "the sale before block 0"
    where = f"first in {first.name + ', ' if first.name else ''}{place} ({failure.phase})"
    who = f"{several(agents)} ({failure.strategy})"
    return f"{failure.what}: {violations} by {who}{in_runs(len(found), runs)}, {where}"


def idle_lines_of(runs: Sequence[FailedRun]) -> Iterator[tuple[str, str]]:
    """For each strategy of which some agents never acted in any of the runs that are alike: what is said of it."""
    found: defaultdict[str, list[tuple[FailedRun, OwnFailure]]] = defaultdict(list)
    for run, failure in idle_throughout(runs):
        found[failure.strategy].append((run, failure))
    for strategy, idle in found.items():
        agents = list(dict.fromkeys(failure.agents[0] for _, failure in idle))
        where = list(dict.fromkeys(run.name for run, _ in idle))
        told = in_runs(len(where), len(runs))
        if len(where) < len(runs):
            told += f", first in {where[0]}"
        asked, refused = (sum(getattr(failure, key) for _, failure in idle) for key in ("asked", "rows"))
        yield strategy, never_acted(strategy, told, agents, asked, refused)


def idle_throughout(runs: Sequence[FailedRun]) -> Iterator[tuple[FailedRun, OwnFailure]]:
    """What is said of agents that did nothing in any of the runs that are alike: once in many it may be chance."""
    groups: defaultdict[object, list[FailedRun]] = defaultdict(list)
    for run in runs:
        groups[run.alike].append(run)
    for alike in groups.values():
        idle = [{one.agents[0]: one for one in run.failures if one.key == IDLE} for run in alike]
        throughout = set(idle[0]).intersection(*idle)
        for run, own in zip(alike, idle, strict=True):
            yield from ((run, own[agent]) for agent in own if agent in throughout)


def in_runs(some: int, runs: int) -> str:
    """` in 3 of 12 runs`; nothing where there is but one."""
    return f" in {some:,} of {runs:,} runs" if runs > 1 else ""


def warn_of_failures(runs: Iterable[FailedRun], stacklevel: int) -> None:
    """A warning for each line of `failure_lines`."""
    warn_each(failure_lines(list(runs)), stacklevel + 1)
