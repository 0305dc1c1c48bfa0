"""What was refused, and whose doing it was."""

from __future__ import annotations

from chain.clock import Phase
from chain.errors import Refused
from chain.records import Records, Schema
from chain.state import State

VIOLATIONS = Schema(
    "violations",
    "Everything that a participant tried and was refused, and every exception of a strategy.",
    [
        ("slot", "integer", "slot in which it happened; −1 before block 0"),
        ("ms", "integer", "milliseconds into that slot"),
        ("phase", "label", "phase of the slot in which the participant was asked"),
        ("agent", "account", "whose intent it was"),
        ("code", "label", "name of the refusal, e.g. insufficient_funds, ticket_moved, strategy_raised"),
        ("message", "text", "what was wrong with it"),
    ],
)


class Violations:
    """Writes the table of violations. In a strict run the first one ends the run."""

    def __init__(self, state: State, records: Records, strict: bool) -> None:
        self._state = state
        self._rows = records.table(VIOLATIONS)
        self._strict = strict
        self.count = 0

    def record(self, ms: int, phase: Phase, account: int, refusal: Refused) -> None:
        """Write a refusal down. In a strict run it is raised."""
        if self._strict:
            raise refusal
        row = (self._state.slot, ms, phase.name.lower(), account, refusal.code, str(refusal))
        self._rows.append(row)
        self.count += 1
