"""Unsold tickets that are burned, and blocks that nobody bought: who proposes them, and what is minted."""

from __future__ import annotations

import pytest

from chain.errors import RuleBroken
from chain.present_right import ENDOWED_WORDS, get_right
from chain.protocol import process_empty_block, process_first_draws, process_genesis, process_void
from chain.rules import draw_rule
from chain.state import Right, Rules

RULES = Rules(supply=3, maturity=2, lookahead=0, draw=draw_rule("maturity"))


def test_ids_of_rules_without_them_stand():
    assert not {"void", "endowed"} & set(RULES.preimage().split('"'))
    ids = {rules.identity() for rules in (RULES, RULES._replace(void=True), RULES._replace(endowed=True))}
    assert len(ids) == 3


@pytest.mark.parametrize("lookahead", [0, 2])
def test_of_every_block_to_come_there_is_one_ticket_or_it_is_void(make_chain, lookahead):
    chain = make_chain(void=True, lookahead=lookahead)
    state = chain.state
    process_genesis(state)
    process_void(state, [1])
    process_first_draws(state)
    for slot in range(7):
        chain.open()
        assert (state.draws[slot].ticket is None) == (slot in (1, 4))
        chain.propose()
        (serial,) = chain.close()[1]
        assert state.titles.live[serial].ticket.last_block == slot + 3
        if slot == 1:
            process_void(state, [serial])
        blocks = [title.ticket.last_block for title in state.titles.live.values()]
        assert sorted([*blocks, *state.voided]) == [slot + 1, slot + 2, slot + 3]
    assert state.titles.minted == len(state.titles.live) + state.titles.burned


def test_only_what_the_protocol_has_is_burned_and_only_where_the_rules_say_so(make_chain):
    chain, plain = make_chain(void=True), make_chain()
    process_genesis(chain.state)
    chain.sell(0, 1)
    with pytest.raises(RuleBroken, match="ticket 0 of account 1"):
        process_void(chain.state, [0])
    process_genesis(plain.state)
    with pytest.raises(RuleBroken, match="ticket 1 of account 0"):
        process_void(plain.state, [1])


@pytest.mark.parametrize("void", [False, True])
def test_a_block_that_nobody_bought_is_a_validators(make_chain, void):
    chain = make_chain(void=void, endowed=True, validators=(2, 3))
    state = chain.state
    process_genesis(state)
    if void:
        process_void(state, [0, 1])
    chain.sell(2, 1)
    for slot in range(3):
        chain.open()
        endowed = Right((2, 3)[state.beacon.below(2, slot)], None)  # the same as without tickets
        assert get_right(state) == (Right(1, 2) if slot == 2 else endowed)
        chain.propose(reward=5)
        assert slot not in state.titles.live
        chain.close()
    assert state.ledger.free(2) + state.ledger.free(3) == 2010
    assert state.ledger.free(1) == 1005


def test_a_missed_block_that_nobody_bought_costs_no_collateral(make_chain):
    chain = make_chain(endowed=True, validators=(2,), collateral=10, missed_fee=10)
    process_genesis(chain.state)
    chain.open()
    process_empty_block(chain.state)
    assert chain.state.ledger.free(2) == 1000
    assert 0 not in chain.state.titles.live


def test_where_the_draw_is_by_lot_the_validator_is_picked_by_another_word(make_chain):
    chain = make_chain(draw="lottery", maturity=None, endowed=True, validators=(2, 3))
    state, picked = chain.state, []
    process_genesis(state)
    for _ in range(20):
        chain.open()
        picked.append(get_right(state).proposer)
        chain.propose()
        chain.close()
    words = {
        first: [(2, 3)[state.beacon.below(2, first + slot)] for slot in range(20)] for first in (0, ENDOWED_WORDS)
    }
    assert picked == words[ENDOWED_WORDS]
    assert picked != words[0]
