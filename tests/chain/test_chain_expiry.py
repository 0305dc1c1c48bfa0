"""Which tickets have had their last draw, against a look at every ticket there is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.protocol import get_expiring, get_last_drawn
from chain.state import DrawRule, State


def late_for(lives: list[int]) -> DrawRule:
    """A rule that mints tickets in no order of expiry, some of them past their last block, and draws every third
    block."""

    def blocks(state: State, serial: int) -> tuple[int, int]:
        return 0, max(state.slot + lives[serial % len(lives)], 0)

    def draw(state: State, block: int) -> int | None:
        return state.urn[block % len(state.urn)] if state.urn and block % 3 == 0 else None

    return DrawRule("late", blocks, draw)


def looked_up(state: State) -> list[int]:
    """The serials of undrawn tickets that have had their last draw, by a look at all."""
    last = get_last_drawn(state)
    return [serial for serial in state.urn if state.titles.live[serial].ticket.last_block <= last]


@given(st.lists(st.integers(-1, 7), min_size=1, max_size=9), st.integers(0, 2))
def test_of_any_rule_the_tickets_that_are_past_their_last_draw_expire(make_chain, lives, lookahead):
    chain = make_chain(rule=late_for(lives), supply=8, maturity=5, lookahead=lookahead).genesis()
    for _ in range(12):
        chain.open()
        assert [title.ticket.serial for title in get_expiring(chain.state)] == looked_up(chain.state)
        chain.propose()
        chain.close()


@pytest.mark.parametrize("draw", ["maturity", "lottery", "claim", "epoch"])
def test_what_has_expired_is_forgotten(make_chain, draw):
    chain = make_chain(draw=draw, supply=3, maturity=2).genesis()
    for _ in range(100):
        chain.slot()
    assert sum(map(len, chain.state.endings.values())) <= 3 + 32
    assert min(chain.state.endings) > chain.state.ended
