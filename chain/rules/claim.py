"""Claims: a ticket's holder chooses the block that it proposes."""

from __future__ import annotations

from chain.state import Draw, DrawRule, State
from chain.ticket import NEVER


def claimed(state: State, block: int) -> int | None:
    """Of the standing claims on `block`, the one with the earliest expiry, then the lowest serial."""
    claims = state.claims.get(block, {})
    live = state.titles.live
    titles = ((live[serial], nonce) for serial, nonce in claims.items() if serial in live)
    standing = (title.ticket for title, nonce in titles if title.nonce == nonce and title.drawn_for is None)
    best = min(standing, key=lambda ticket: (ticket.last_block, ticket.serial), default=None)
    return None if best is None else best.serial


def earliest_expiry(state: State, block: int) -> int | None:  # noqa: ARG001
    """The undrawn ticket with the earliest expiry, then the lowest serial: mints come in the order of expiry."""
    return next(iter(state.urn), None)


def at_last_block(state: State, block: int) -> int | None:
    """The undrawn ticket that has no block left but this one; the lowest serial of several."""
    serial = earliest_expiry(state, block)
    if serial is None or state.titles.live[serial].ticket.last_block > block:
        return None
    return serial


def window(state: State, serial: int) -> tuple[int, int]:  # noqa: ARG001
    """Any block from the first unsettled one to that `maturity` blocks after the first session."""
    session, rules = state.slot + 1, state.rules
    first = session + rules.lookahead if state.slot >= 0 else 0
    return first, NEVER if rules.maturity is None else session + rules.maturity


def claim_rule(unclaimed: str) -> DrawRule:
    """The rule `claim`. A block that no one claimed before its slot can be claimed in its session still;
    after that, `unclaimed` ("earliest_expiry" or "empty") decides."""
    fallback: Draw = {"earliest_expiry": earliest_expiry, "empty": at_last_block}[unclaimed]

    def claimed_or_fallback(state: State, block: int) -> int | None:
        serial = claimed(state, block)
        return fallback(state, block) if serial is None else serial

    return DrawRule(f"claim/{unclaimed}", window, claimed, claimed_or_fallback, needs_maturity=True)
