"""Deterministic maturity: an execution or slot auction."""

from __future__ import annotations

from chain.state import DrawRule, State


def maturity_rule() -> DrawRule:
    """The rule `maturity`: a ticket is for one block, or for one round of blocks."""
    return DrawRule("maturity", one_round, maturity, window=1, needs_maturity=True)


def maturity(state: State, block: int) -> int | None:
    """The ticket that matures at `block`, the first of its round."""
    live = state.titles.live
    for serial in state.urn:
        if live[serial].ticket.first_block == block:
            return serial
    return None


def one_round(state: State, serial: int) -> tuple[int, int]:
    """A ticket is for the round that begins `maturity` rounds after its first session; those of genesis mature one
    a round. A round is one block, unless the rules say more."""
    rules = state.rules
    assert rules.maturity is not None
    size = rules.round
    number = serial if state.slot < 0 else rules.next_round(state.slot) // size + rules.maturity
    return number * size, number * size + size - 1
