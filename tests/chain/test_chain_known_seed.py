"""Between the first draws and slot 0, whose seed they have, nothing changes the urn."""

from __future__ import annotations

import pytest

from chain.errors import SeedKnown
from chain.protocol import close_slot, open_slot, process_first_draws, process_genesis, process_return
from tests.snapshot import assert_same, snapshot


@pytest.mark.parametrize(
    "act",
    [close_slot, process_genesis, lambda state: process_return(state, 1, state.urn[0], 1, 0)],
    ids=["close_slot", "process_genesis", "process_return"],
)
def test_the_urn_stays_from_the_first_draws_to_slot_0(make_chain, act):
    """Of a maturity of one block and a look-ahead of two, tickets would expire there, and be minted anew."""
    chain = make_chain(draw="lottery", supply=6, maturity=1, lookahead=2, haircut=0.1).genesis()
    before = snapshot(state=chain.state)
    with pytest.raises(SeedKnown, match="the first draws are held"):
        act(chain.state)
    assert_same(before, snapshot(state=chain.state))
    open_slot(chain.state)
    act(chain.state)


def test_the_urn_is_free_before_the_first_draws_and_where_there_are_none(make_chain):
    chain = make_chain(draw="lottery", supply=6, haircut=0.1)
    for title in process_genesis(chain.state):
        chain.sell(title.ticket.serial, 1)
    process_return(chain.state, 1, 0, 1, 0)
    process_genesis(chain.state)
    process_first_draws(chain.state)
    process_return(chain.state, 1, 1, 1, 0)
    assert len(chain.state.urn) == 5
