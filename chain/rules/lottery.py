"""The lottery: every ticket in the urn is equally likely."""

from __future__ import annotations

from chain.state import DrawRule, State
from chain.ticket import NEVER


def lottery_rule() -> DrawRule:
    """The rule `lottery`."""
    return DrawRule("lottery", draws, lottery)


def lottery(state: State, block: int) -> int | None:
    """Uniform over the undrawn live tickets, by the beacon's word for `block`, the first of a round."""
    return state.urn[state.beacon.below(len(state.urn), block)] if state.urn else None


def draws(state: State, serial: int) -> tuple[int, int]:  # noqa: ARG001
    """Maturity counts the draws in which the ticket takes part, one a round."""
    rules = state.rules
    first = rules.next_round(state.slot) + rules.ahead if state.slot >= 0 else 0
    return first, NEVER if rules.maturity is None else first + rules.maturity * rules.round - 1
