"""What was refused, and whose doing it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import cast

from chain.clock import Phase
from chain.errors import Refused
from chain.records import Records, Schema
from chain.state import State
from market.errors import TooManyRefused
from market.fitting import Unfit, refusal_of
from market.intents import Hold, Intent
from market.messages import SignedBid
from market.turns import Turns

Enter = Callable[[SignedBid, int], object]
"""Takes a bid into its auction at a time, ms. Raises `Refused`."""

MOST_REFUSED = 100
"""How many intents of one answer are refused one by one; what comes after them is dropped."""

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

    def __init__(self, state: State, records: Records, strict: bool, turns: Turns) -> None:
        self._state = state
        self._rows = records.table(VIOLATIONS)
        self._strict = strict
        self._turns = turns
        self.count = 0

    def try_all(
        self,
        intents: Sequence[Intent | Unfit],
        carry_out: Callable[[Intent], object],
        ms: int,
        phase: Phase,
        account: int,
    ) -> None:
        """Carry out one answer, intent by intent. What is refused is written down; after `MOST_REFUSED` of them
        the rest is dropped, in one row that has its count."""
        refused = 0
        for number, intent in enumerate(intents, 1):
            try:
                if type(intent) is Unfit:
                    raise refusal_of(intent)
                carry_out(cast(Intent, intent))
                self._turns.done[account] += type(intent) is not Hold
            except Refused as refusal:
                self.record(ms, phase, account, refusal)
                refused += 1
                if refused == MOST_REFUSED and number < len(intents):
                    self.record(ms, phase, account, too_many(len(intents) - number))
                    return

    def try_bids(self, bids: Iterable[SignedBid], enter: Enter, ms: int, phase: Phase) -> None:
        """Enter bids in auctions, one after the other; those that are refused are written down."""
        done = self._turns.done
        for bid in bids:
            try:
                enter(bid, ms)
            except Refused as refusal:
                self.record(ms, phase, bid.bidder, refusal)
            else:
                done[bid.bidder] += 1

    def record(self, ms: int, phase: Phase, account: int, refusal: Refused) -> None:
        """Write a refusal down. In a strict run it is raised."""
        if self._strict:
            name = self._state.accounts[account].name
            refusal.add_note(f"{name} in block {self._state.slot}, phase {phase.name.lower()}")
            raise refusal
        row = (self._state.slot, ms, phase.name.lower(), account, refusal.code, str(refusal))
        self._rows.append(row)
        self.count += 1


def too_many(left: int) -> TooManyRefused:
    """What is said of the rest of an answer."""
    return TooManyRefused(f"{left} more intents were dropped: {MOST_REFUSED} of this answer had been refused")
