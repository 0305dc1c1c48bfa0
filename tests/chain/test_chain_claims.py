"""The draw rule `claim`: a holder chooses the block of its ticket."""

from __future__ import annotations

import pytest

from chain.errors import ClaimRefused
from chain.protocol import (
    get_right,
    process_claim,
    process_draw,
    process_first_draws,
    process_genesis,
    process_late_draw,
    process_slot,
)


def claims_chain(make_chain, supply=3, maturity=3, **options):
    """`supply` tickets of account 1 that may propose blocks 0 … `maturity`."""
    return make_chain(draw="claim", supply=supply, maturity=maturity, **options).genesis()


def claim(chain, serial: int, block: int, account: int = 1) -> None:
    process_claim(chain.state, account, serial, chain.state.titles.live[serial].nonce, block)


def drawn(chain, block: int) -> int | None:
    return chain.state.draws[block].ticket


def slots(chain, count: int) -> list[int | None]:
    """The tickets of the next blocks; what is minted stays with the protocol."""
    found = []
    for _ in range(count):
        chain.open()
        process_late_draw(chain.state)
        found.append(drawn(chain, chain.state.slot))
        chain.propose()
        chain.close()
    return found


def test_a_claim_before_the_slot_is_drawn_at_its_start(make_chain):
    chain = claims_chain(make_chain)
    process_slot(chain.state)
    claim(chain, 2, 1)
    process_draw(chain.state)
    assert drawn(chain, 0) is None
    process_late_draw(chain.state)
    chain.propose()
    chain.close()
    chain.open()
    assert drawn(chain, 1) == 2


def test_a_block_that_no_one_claimed_can_be_claimed_in_its_own_session(make_chain):
    chain = claims_chain(make_chain)
    chain.open()
    claim(chain, 2, 0)
    assert drawn(chain, 0) is None
    process_late_draw(chain.state)
    assert drawn(chain, 0) == 2


def test_of_two_claims_the_earlier_expiry_wins(make_chain):
    chain = claims_chain(make_chain, supply=2, unclaimed="empty")
    chain.open()
    claim(chain, 1, 0)
    process_late_draw(chain.state)
    chain.propose()
    chain.close()
    chain.sell(2, 1)
    windows = {serial: title.ticket[2:4] for serial, title in chain.state.titles.live.items()}
    assert windows == {0: (0, 3), 2: (1, 4)}
    claim(chain, 2, 3)
    claim(chain, 0, 3)
    assert slots(chain, 3) == [None, None, 0]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_of_claims_with_one_expiry_the_lowest_serial_wins_whatever_their_order(make_chain, order):
    chain = claims_chain(make_chain, unclaimed="empty")
    for serial in order:
        claim(chain, serial, 1)
    assert slots(chain, 2) == [None, 0]


def test_the_losing_claims_lapse(make_chain):
    chain = claims_chain(make_chain, unclaimed="empty")
    claim(chain, 1, 0)
    claim(chain, 2, 0)
    assert slots(chain, 3) == [1, None, None]
    assert chain.state.claims == {}


def test_a_later_claim_of_a_ticket_replaces_its_earlier_one(make_chain):
    chain = claims_chain(make_chain, unclaimed="empty")
    claim(chain, 1, 0)
    claim(chain, 1, 2)
    assert slots(chain, 3) == [None, None, 1]


def test_a_claim_dies_when_its_ticket_moves(make_chain):
    chain = claims_chain(make_chain, unclaimed="empty")
    claim(chain, 1, 0)
    title = chain.state.titles.live[1]
    chain.state.titles.transfer(title, 2, "transfer")
    chain.state.titles.transfer(title, 1, "transfer")
    assert slots(chain, 1) == [None]


def test_a_ticket_that_was_drawn_for_an_earlier_block_claims_no_more(make_chain):
    """Nobody claims blocks 0 and 1; ticket 0, then 1, is drawn for them, whatever they claimed for later."""
    chain = claims_chain(make_chain)
    claim(chain, 0, 3)
    claim(chain, 1, 3)
    claim(chain, 2, 2)
    assert slots(chain, 4) == [0, 1, 2, 3]


def test_unclaimed_blocks_go_to_the_earliest_expiry_then_the_lowest_serial(make_chain):
    chain = claims_chain(make_chain)
    claim(chain, 0, 2)
    chain.open()
    process_late_draw(chain.state)
    assert drawn(chain, 0) == 0
    assert slots(claims_chain(make_chain), 6) == [0, 1, 2, 3, 4, 5]


def test_under_empty_an_unclaimed_block_has_no_proposer(make_chain):
    chain = claims_chain(make_chain, supply=1, unclaimed="empty")
    chain.open()
    process_late_draw(chain.state)
    assert drawn(chain, 0) is None
    assert get_right(chain.state) is None
    assert chain.state.urn == [0]


def test_under_empty_a_ticket_at_its_last_block_is_drawn(make_chain):
    chain = claims_chain(make_chain, supply=1, unclaimed="empty")
    assert slots(chain, 4) == [None, None, None, 0]
    assert chain.ends() == {0: "proposed"}


def test_of_several_at_their_last_block_the_lowest_serial_is_drawn_and_the_others_expire(make_chain):
    chain = claims_chain(make_chain, unclaimed="empty")
    assert slots(chain, 4) == [None, None, None, 0]
    assert chain.ends() == {0: "proposed", 1: "expired", 2: "expired"}
    assert chain.state.urn == [3, 4, 5]


def test_at_its_last_block_a_claim_goes_before_the_others(make_chain):
    chain = claims_chain(make_chain, unclaimed="empty")
    claim(chain, 2, 3)
    assert slots(chain, 4)[-1] == 2


def test_with_a_look_ahead_the_block_is_claimed_so_many_slots_before(make_chain):
    chain = claims_chain(make_chain, supply=4, maturity=4, lookahead=2, unclaimed="empty")
    chain.open()
    chain.refuses(ClaimRefused, process_claim, 1, 0, 1, 1)
    claim(chain, 3, 2)
    process_late_draw(chain.state)
    assert drawn(chain, 2) == 3
    chain.refuses(ClaimRefused, process_claim, 1, 0, 1, 2)
    claim(chain, 0, 3)
    chain.propose()
    chain.close()
    chain.open()
    assert drawn(chain, 3) == 0


def test_genesis_tickets_may_claim_the_blocks_of_the_first_draws(make_chain):
    chain = make_chain(draw="claim", supply=4, maturity=4, lookahead=2, unclaimed="empty")
    process_genesis(chain.state)
    for serial in range(4):
        chain.sell(serial, 1)
    claim(chain, 3, 1)
    process_first_draws(chain.state)
    assert [drawn(chain, block) for block in (0, 1)] == [None, 3]


@pytest.mark.parametrize("lookahead", [0, 1])
def test_once_the_late_draw_is_over_its_block_can_be_claimed_no_more(make_chain, lookahead):
    """An accepted claim always has a draw to come."""
    chain = claims_chain(make_chain, lookahead=lookahead, unclaimed="empty")
    chain.open()
    process_late_draw(chain.state)
    assert drawn(chain, lookahead) is None
    assert "is settled" in chain.refuses(ClaimRefused, process_claim, 1, 0, 1, lookahead)
    claim(chain, 0, lookahead + 1)
    chain.propose()
    chain.close()
    chain.refuses(ClaimRefused, process_claim, 1, 1, 1, lookahead)
    chain.open()
    assert drawn(chain, lookahead + 1) == 0
