"""What a draw rule answers, and whether it has left alone what it was shown."""

from __future__ import annotations

from chain.errors import RuleBroken
from chain.state import Draw, State

DRAWN_BY = ("slot", "beacon", "urn")
"""The parts of the state on which all draws rest."""


def ask_rule(state: State, block: int, draw: Draw) -> int | None:
    """What the rule answers. Raises `RuleBroken` for one that moves what all draws rest on; `check` sees more."""
    before = (state.slot, state.beacon, len(state.urn))
    serial = draw(state, block)
    after = (state.slot, state.beacon, len(state.urn))
    if before != after:
        parts = zip(DRAWN_BY, before, after, strict=True)
        changed = " and ".join(part for part, old, new in parts if old != new)
        raise RuleBroken(f"the rule {state.rules.draw.name!r} changed the state's {changed}; it may only read it")
    return serial
