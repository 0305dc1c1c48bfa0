"""Tickets for rounds of blocks: dates, draws, blocks, burns, collateral."""

from __future__ import annotations

import pytest

from chain.minting import draft_ticket
from chain.present_right import get_right
from chain.protocol import (
    process_empty_block,
    process_first_draws,
    process_genesis,
    process_return,
    process_void,
)
from chain.rules import draw_rule
from chain.state import Right, Rules
from chain.ticket import Series

RULES = Rules(supply=3, maturity=2, lookahead=1, draw=draw_rule("maturity"))


def test_ids_of_rules_without_rounds_stand():
    assert "round" not in RULES.preimage()
    assert RULES._replace(round=2).identity() != RULES.identity()


def test_horizon_is_the_last_block_of_the_last_ticket_that_is_sold():
    assert [RULES._replace(round=size, lookahead=0).horizon for size in (1, 2, 5)] == [3, 6, 15]


@pytest.mark.parametrize("lookahead", [0, 1])
@pytest.mark.parametrize("size", [2, 5])
def test_a_ticket_proposes_all_blocks_of_its_round_and_is_burned_after_the_last(make_chain, size, lookahead):
    chain = make_chain(lookahead=lookahead, round=size).genesis()
    state = chain.state
    for slot in range(4 * size):
        chain.open()
        number = slot // size
        if slot % size == 0:  # a round is drawn at once
            ahead = range(slot, slot + (lookahead + 1) * size)
            assert [state.draws[block].ticket for block in ahead] == [block // size for block in ahead]
        title = state.titles.live[number]
        assert (title.ticket.first_block, title.ticket.last_block) == (number * size, number * size + size - 1)
        assert title.series == Series(True, slot)
        chain.propose()
        expired, minted = chain.close()
        is_last = slot % size == size - 1
        assert (number in state.titles.live) != is_last
        assert (expired, minted) == ([], [number + 3] if is_last else [])
        for serial in minted:
            assert state.titles.live[serial].ticket.first_block == serial * size
            chain.sell(serial, 1)


def test_what_is_left_of_a_round_goes_with_its_ticket(make_chain):
    chain = make_chain(round=3).genesis()
    state, owners = chain.state, []
    for slot in range(3):
        chain.open()
        if slot == 1:
            state.titles.transfer(state.titles.live[0], 2, "trade")
        owners.append(get_right(state))
        chain.propose(reward=10)
        chain.close()
    assert owners == [Right(1, 0), Right(2, 0), Right(2, 0)]
    assert [state.ledger.free(account) for account in (1, 2)] == [1010, 1020]


def test_each_missed_block_costs_its_holder_the_fee_and_the_rest_comes_back(make_chain):
    chain = make_chain(round=3, collateral=10, missed_fee=3).genesis()
    state = chain.state
    title = state.titles.live[0]
    for slot in range(3):
        chain.open()
        if slot == 2:
            chain.propose()
        else:
            process_empty_block(state)
        chain.close()
    assert title.missed == 2
    assert state.ledger.escrowed(1) == 2 * 10  # behind the other two
    assert state.ledger.free(1) == 1000 - 6 - 2 * 10
    assert chain.ends()[0] == "proposed"


def test_a_new_holder_answers_for_its_own_blocks_alone(make_chain):
    chain = make_chain(round=2, collateral=10, missed_fee=5).genesis()
    state = chain.state
    chain.open()
    process_empty_block(state)
    chain.close()
    state.ledger.lock(2, 10, 0)
    state.ledger.release(1, 10 - state.titles.live[0].forfeited, 0)
    state.titles.transfer(state.titles.live[0], 2, "trade")
    chain.open()
    process_empty_block(state)
    chain.close()
    assert [state.ledger.free(account) + state.ledger.escrowed(account) for account in (1, 2)] == [995, 995]
    assert state.ledger.escrowed(2) == 0
    assert chain.ends()[0] == "missed"


def test_under_a_lottery_maturity_counts_the_draws_of_rounds_and_tickets_expire_with_one(make_chain):
    chain = make_chain("lottery", supply=4, maturity=2, round=3, refund=1.0).genesis(price=7)
    state = chain.state
    assert {title.ticket.last_block for title in state.titles.live.values()} == {5}
    drawn = set()
    for slot in range(6):
        chain.open()
        assert state.draws[slot].urn == 4
        drawn.add(state.draws[slot].ticket)
        chain.propose()
        expired, minted = chain.close()
        assert set(expired) == ({0, 1, 2, 3} - drawn if slot == 5 else set())
        assert len(minted) == (1 + len(expired) if slot in (2, 5) else 0)
        for serial in minted:
            chain.sell(serial, 1)
    assert len(drawn) == 2
    assert {title.ticket.last_block for title in state.titles.live.values()} <= {8, 11}


def test_what_is_given_back_within_a_round_is_minted_anew_at_its_end(make_chain):
    chain = make_chain("lottery", supply=4, maturity=None, round=2, haircut=0.0).genesis()
    state = chain.state
    chain.open()
    process_return(state, 1, state.urn[0], 1, 0)
    chain.propose()
    assert chain.close() == ([], [])
    assert len(state.titles.live) == 3
    chain.open()
    chain.propose()
    assert len(chain.close()[1]) == 2


def test_a_void_round_has_no_ticket_and_no_other_is_minted_for_it(make_chain):
    chain = make_chain(round=2, void=True)
    state = chain.state
    process_genesis(state)
    process_void(state, [1])
    for slot in range(6):
        chain.open()
        assert (state.draws[slot].ticket is None) == (slot in (2, 3))
        chain.propose()
        chain.close()
        assert len(state.titles.live) + len(state.voided) == 3


@pytest.mark.parametrize(("draw", "blocks"), [("maturity", (16, 19)), ("lottery", (12, 19))])
def test_what_is_minted_within_a_round_is_dated_as_at_its_end(make_chain, draw, blocks):
    chain = make_chain(draw, round=4, lookahead=1)
    process_genesis(chain.state)
    process_first_draws(chain.state)
    for _ in range(5):
        chain.open()
        chain.propose()
        chain.close()
    title = chain.state.titles.live[max(chain.state.titles.live)]
    ticket = draft_ticket(chain.state, title.ticket.serial + 1)
    assert (ticket.first_block, ticket.last_block) == blocks


def test_of_blocks_that_nobody_proposes_it_does_not_matter_whose_they_were(make_chain):
    """A ticket that the protocol gives away within its round, and whose other blocks are missed, is missed."""
    chain = make_chain(round=2)
    state = chain.state
    process_genesis(state)
    chain.open()
    process_empty_block(state)
    state.titles.transfer(state.titles.live[0], 2, "transfer")
    chain.close()
    chain.open()
    process_empty_block(state)
    assert chain.ends()[0] == "missed"
