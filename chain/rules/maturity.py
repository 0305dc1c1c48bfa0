"""Deterministic maturity: an execution or slot auction."""

from __future__ import annotations

from chain.state import DrawRule, State


def maturity_rule() -> DrawRule:
    """The rule `maturity`: a ticket is for one block."""
    return DrawRule("maturity", one_block, maturity, window=1, needs_maturity=True)


def maturity(state: State, block: int) -> int | None:
    """The ticket that matures at `block`."""
    live = state.titles.live
    return next((serial for serial in state.urn if live[serial].ticket.last_block == block), None)


def one_block(state: State, serial: int) -> tuple[int, int]:
    """A ticket proposes `maturity` blocks after its first session; those of genesis mature one a block."""
    assert state.rules.maturity is not None
    block = serial if state.slot < 0 else state.slot + 1 + state.rules.maturity
    return block, block
