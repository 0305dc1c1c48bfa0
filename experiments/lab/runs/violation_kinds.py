"""Violations by kind, counted in one pass over their table and in bounded memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from chain.errors import NotOwner
from experiments.lab.runs.tallies import batches
from market.errors import AuctionClosed, StrategyRaised, UnknownOrder

MOST_KINDS = 200
"""What comes after so many kinds is one kind more."""
REST = "of more kinds"
RAISED = re.compile(r"(?:.*?\.py:\d+ )?[^:]*")
"""Of `my_buyer.py:32 KeyError: 3` the line and the type: what is raised there is one kind, whatever it says."""
OVERTAKEN = " between the view and the arrival of the intent; it costs nothing"
LATE = {
    UnknownOrder.code: f" (or no more: it may have been filled{OVERTAKEN})",
    NotOwner.code: f" (a ticket may have been sold{OVERTAKEN})",
    AuctionClosed.code: f" (it may have closed{OVERTAKEN}, or its number is of an earlier view)",
    **dict.fromkeys(
        ("strategy_timed_out", "strategy_exited", "strategy_out_of_memory"),
        " (after isolation.strikes of these it has lost its place and holds to the end; et-testbed check, or a "
        "run without isolation, names the line)",
    ),
}
"""What may have come in between, of refusals of who did nothing wrong."""
COSTLESS = frozenset({UnknownOrder.code, NotOwner.code, AuctionClosed.code})
"""Of these those that nobody can avoid."""
COLUMNS = ("slot", "phase", "agent", "code", "message")


class AgentViolations:
    """How often one agent did one thing: rows, and turns (slot and phase); the first of them."""

    def __init__(self, slot: int, phase: str) -> None:
        self.rows = 0
        self.turns = 0
        self.first = (slot, phase)
        self._slot: int | None = None
        self._phases: set[str] = set()  # of that slot

    def add(self, slot: int, phase: str) -> None:
        """Count a row; rows come in the order of their slots."""
        if slot != self._slot:
            self._slot = slot
            self._phases.clear()
        self.rows += 1
        self.turns += phase not in self._phases
        self._phases.add(phase)


class ViolationKind:
    """What was done, told by its first message, and by whom. `key`: what is the same in other runs. `is_costless`:
    it may have been nobody's fault."""

    def __init__(self, key: str, what: str, is_costless: bool) -> None:
        self.key = key
        self.what = what
        self.is_costless = is_costless
        self.agents: dict[str, AgentViolations] = {}

    @property
    def rows(self) -> int:
        """How often it was done."""
        return sum(own.rows for own in self.agents.values())

    def add(self, agent: str, slot: int, phase: str) -> None:
        """Count a row."""
        if agent not in self.agents:
            self.agents[agent] = AgentViolations(slot, phase)
        self.agents[agent].add(slot, phase)


def violation_kinds(tables: Path) -> list[ViolationKind]:
    """The kinds in a run's tables, in the order in which they came: with --strict the first one ends the run."""
    kinds: dict[str, ViolationKind] = {}
    for slot, phase, agent, code, message in rows(tables):
        key = kind_key(code, message)
        if key not in kinds and len(kinds) >= MOST_KINDS:
            key = REST
        if key not in kinds:
            kinds[key] = ViolationKind(key, told_kind(key, code, message), key in COSTLESS)
        kinds[key].add(agent, slot, phase)
    return list(kinds.values())


def rows(tables: Path) -> Iterator[tuple[int, str, str, str, str]]:
    """The violations one by one."""
    for batch in batches(tables, "violations", *COLUMNS):
        yield from zip(*(batch.column(name).to_pylist() for name in COLUMNS), strict=True)


def kind_key(code: str, message: str) -> str:
    """What violations of one kind have in common: the code, and of an exception its line and its type."""
    if code == StrategyRaised.code:
        raised = RAISED.match(message)
        return f"{code} {raised[0] if raised else ''}"
    return code


def told_kind(key: str, code: str, message: str) -> str:
    """A kind for a reader: an exception as it is told, a refusal after its name."""
    if key == REST:
        return f"violations {REST}: they are in the table violations"
    if code == StrategyRaised.code:
        return printable(message)
    return printable(f"{code}: {message}{LATE.get(code, '')}")


def printable(text: str) -> str:
    """The text without what would move a terminal's cursor."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)
