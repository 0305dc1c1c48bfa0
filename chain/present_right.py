"""Who has the right to the present block."""

from __future__ import annotations

from functools import lru_cache

from chain.account import PROTOCOL
from chain.beacon import Beacon
from chain.named_tuples import make
from chain.state import Right, State

ENDOWED_WORDS = 2**63
"""From here on are the beacon's words that pick the validators of blocks that nobody bought."""


def get_right(state: State) -> Right | None:
    """Who may propose the present block; None where its slot stays empty, or is settled."""
    if state.proposed == state.slot:
        return None
    drawn = state.draws.get(state.slot)
    serial = None if drawn is None else drawn.ticket
    if serial is None or (owner := state.titles.live[serial].owner) == PROTOCOL:
        return get_endowed(state)
    return make(Right, (owner, serial))


def get_endowed(state: State) -> Right | None:
    """The validator that has the present block, where there are no tickets or nobody bought its own; None where
    such a block stays empty."""
    if not state.validators:
        return None
    place = endowed_place(state.beacon, len(state.validators), get_endowed_word(state))
    return Right(state.validators[place], None)


@lru_cache(maxsize=64)
def endowed_place(beacon: Beacon, count: int, word: int) -> int:
    """Which of so many validators a word of the beacon picks: who has the right is asked many times in a slot."""
    return beacon.below(count, word)


def get_endowed_word(state: State) -> int:
    """Which word of the beacon picks it: that of the block, unless the draw may have taken that one."""
    draws_by_lot = state.rules.supply > 0 and state.rules.draw.window != 1
    return state.slot + ENDOWED_WORDS if draws_by_lot else state.slot
