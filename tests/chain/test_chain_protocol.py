"""A slot, step by step, on chains small enough to follow by hand."""

from __future__ import annotations

from collections import Counter

import pytest

from chain.errors import NotBuilder
from chain.ledger import BURNED, REFUNDS
from chain.protocol import (
    get_offered,
    get_right,
    process_draw,
    process_empty_block,
    process_expiry,
    process_first_draws,
    process_genesis,
    process_mint,
    process_proposal,
    process_slot,
)
from chain.state import Drawn, Right
from chain.ticket import NEVER, Ticket
from chain.titles import TRANSFERS


def dates(ticket: Ticket) -> tuple[int, int, int]:
    return ticket.mint_block, ticket.first_block, ticket.last_block


def all_dates(chain) -> dict[int, tuple[int, int, int]]:
    return {serial: dates(title.ticket) for serial, title in chain.state.titles.live.items()}


def proposers(chain, slots: int) -> list[int | None]:
    """The tickets that propose blocks 0, 1, …"""
    drawn = []
    for slot in range(slots):
        chain.slot()
        drawn.append(chain.state.draws[slot].ticket)
    return drawn


# Dates


@pytest.mark.parametrize("lookahead", [0, 1, 2])
def test_maturity_genesis_tickets_mature_one_a_block_and_a_mint_t_blocks_after_its_first_session(
    make_chain, lookahead
):
    chain = make_chain(draw="maturity", supply=3, maturity=2, lookahead=lookahead).genesis()
    assert all_dates(chain) == {0: (-1, 0, 0), 1: (-1, 1, 1), 2: (-1, 2, 2)}
    assert proposers(chain, 1) == [0]
    assert all_dates(chain)[3] == (0, 3, 3)
    assert proposers(make_chain(supply=3, maturity=2, lookahead=lookahead).genesis(), 7) == [0, 1, 2, 3, 4, 5, 6]
    assert set(chain.ends().values()) == {"proposed"}


@pytest.mark.parametrize(("lookahead", "minted"), [(0, (0, 1, 3)), (2, (0, 3, 5))])
def test_lottery_blocks_are_those_of_t_draws(make_chain, lookahead, minted):
    chain = make_chain(draw="lottery", supply=4, maturity=3, lookahead=lookahead).genesis()
    assert set(all_dates(chain).values()) == {(-1, 0, 2)}
    chain.slot()
    assert all_dates(chain)[4] == minted


def test_lottery_without_maturity(make_chain):
    chain = make_chain(draw="lottery", supply=4, maturity=None, lookahead=1).genesis()
    chain.slot()
    assert set(all_dates(chain).values()) == {(-1, 0, NEVER), (0, 2, NEVER)}


@pytest.mark.parametrize(("lookahead", "minted"), [(0, (0, 1, 4)), (2, (0, 3, 4))])
def test_a_claim_may_be_for_any_block_of_the_maturity_that_is_not_drawn_yet(make_chain, lookahead, minted):
    chain = make_chain(draw="claim", supply=4, maturity=3, lookahead=lookahead).genesis()
    assert set(all_dates(chain).values()) == {(-1, 0, 3)}
    chain.slot()
    assert all_dates(chain)[4] == minted


# The order of a slot


def test_a_slot_from_end_to_end(make_chain):
    """Two lottery tickets of one draw each: one proposes, the other expires, two are minted in the same slot."""
    chain = make_chain(draw="lottery", supply=2, maturity=1).genesis()
    state = chain.state
    assert (state.slot, state.urn, state.draws) == (-1, [0, 1], {})
    process_slot(state)
    assert (state.slot, state.ledger.slot, state.titles.slot) == (0, 0, 0)
    process_draw(state)
    drawn = state.draws[0].ticket
    other = 1 - drawn
    assert state.draws == {0: Drawn(drawn, 2)}
    assert state.urn == [other]
    assert state.titles.live[drawn].drawn_for == 0
    assert get_right(state) == Right(1, drawn)
    process_proposal(state, chain.proposal(builder=2, reward=77), 77)
    assert (state.ledger.free(1), state.ledger.free(2)) == (1000, 1077)
    assert get_right(state) is None
    assert [title.ticket.serial for title in process_expiry(state)] == [other]
    assert state.titles.live == {}
    assert [title.ticket.serial for title in process_mint(state)] == [2, 3] == state.urn
    assert [title.owner for title in state.titles.live.values()] == [0, 0]
    assert chain.ends() == {drawn: "proposed", other: "expired"}


def test_the_table_of_transfers_tells_the_same(make_chain):
    chain = make_chain(supply=2, maturity=1).genesis()
    chain.slot()
    chain.close()
    rows = [row[1:] for row in chain.records.table(TRANSFERS)._rows]
    assert rows == [
        (-1, 0, "mint", None, 0, 0),
        (-1, 1, "mint", None, 0, 0),
        (-1, 0, "primary", 0, 1, 1),
        (-1, 1, "primary", 0, 1, 1),
        (0, 0, "burn", 1, None, 1),
        (0, 2, "mint", None, 0, 0),
        (0, 2, "primary", 0, 1, 1),
    ]


def test_genesis_draws_the_blocks_of_the_look_ahead(make_chain):
    chain = make_chain(draw="lottery", supply=5, maturity=None, lookahead=2)
    titles = process_genesis(chain.state)
    assert [title.ticket.serial for title in titles] == [0, 1, 2, 3, 4] == chain.state.urn
    process_first_draws(chain.state)
    assert [drawn.urn for drawn in chain.state.draws.values()] == [5, 4]
    assert list(chain.state.draws) == [0, 1]
    assert len(chain.state.urn) == 3


# What a block ends in


def test_a_missed_proposal_burns_the_ticket_and_pays_nothing(chain):
    process_empty_block(chain.state)
    assert chain.ends() == {0: "missed"}
    assert chain.close() == ([], [3])
    assert [chain.state.ledger.free(account) for account in (1, 2, 3)] == [1000] * 3


def test_a_drawn_ticket_that_was_never_sold_leaves_its_slot_empty(make_chain):
    chain = make_chain()
    process_genesis(chain.state)
    chain.open()
    assert get_right(chain.state) is None
    process_empty_block(chain.state)
    assert chain.ends() == {0: "unsold"}
    assert chain.close() == ([], [3])


@pytest.mark.parametrize(("builder", "paid"), [(1, [1050, 1000]), (2, [1000, 1050]), (None, [1000, 1000])])
def test_the_reward_is_the_builders(chain, builder, paid):
    reward = 0 if builder is None else 50
    process_proposal(chain.state, chain.proposal(builder=builder, reward=reward), reward)
    assert [chain.state.ledger.free(account) for account in (1, 2)] == paid
    assert chain.ends() == {0: "proposed"}


def test_who_sold_the_building_may_leave_its_block_unexploited(chain):
    title = chain.state.titles.live[0]
    chain.state.titles.assign(title, 2)
    assert "sold to account 2" in chain.refuses(
        NotBuilder, process_proposal, chain.proposal(builder=1, reward=50), 50
    )
    process_proposal(chain.state, chain.proposal(builder=None), 0)
    assert [chain.state.ledger.free(account) for account in (1, 2)] == [1000, 1000]


def test_who_bought_the_building_of_a_block_is_paid_for_it(chain):
    title = chain.state.titles.live[0]
    chain.state.titles.list(title, 9)
    chain.state.titles.assign(title, 2)
    assert title.listing is None
    process_proposal(chain.state, chain.proposal(builder=2, reward=50), 50)
    assert [chain.state.ledger.free(account) for account in (1, 2)] == [1000, 1050]


def test_the_protocol_offers_what_it_holds_undrawn(make_chain):
    chain = make_chain(draw="lottery", supply=3, maturity=None)
    process_genesis(chain.state)
    chain.open()
    drawn = chain.state.draws[0].ticket
    assert [title.ticket.serial for title in get_offered(chain.state)] == sorted({0, 1, 2} - {drawn})
    kept, sold = (title.ticket.serial for title in get_offered(chain.state))
    chain.sell(sold, 2)
    assert [title.ticket.serial for title in get_offered(chain.state)] == [kept]


def test_without_tickets_an_endowed_validator_proposes(make_chain):
    chain = make_chain(supply=0, validators=(2, 3))
    for slot in range(8):
        chain.open()
        assert get_right(chain.state) == Right((2, 3)[chain.state.beacon.below(2, slot)], None)
        chain.propose(reward=1)
        assert chain.close() == ([], [])
    assert chain.state.ledger.free(2) + chain.state.ledger.free(3) == 2008
    assert chain.state.ledger.free(1) == 1000


# Expiry and refunds


@pytest.mark.parametrize("lookahead", [0, 2])
def test_an_expired_ticket_had_its_t_draws_from_urns_of_n_minus_l(make_chain, lookahead):
    chain = make_chain(draw="lottery", supply=7, maturity=4, lookahead=lookahead).genesis()
    state, draws = chain.state, Counter()
    for slot in range(300):
        urn = list(state.urn)
        minted = {serial: title.ticket.mint_block for serial, title in state.titles.live.items()}
        chain.slot()
        drawn = state.draws[slot + lookahead]
        assert drawn.urn == len(urn) == 7 - lookahead
        draws.update(serial for serial in urn if minted[serial] >= 0)
        if minted[drawn.ticket] >= 0:
            assert slot == minted[drawn.ticket] + draws[drawn.ticket]
    expired = [draws[serial] for serial, end in chain.ends().items() if end == "expired" and draws[serial]]
    assert len(expired) > 100
    assert set(expired) == {4}


def test_a_refund_is_the_share_of_the_primary_price_and_goes_to_the_last_owner(make_chain):
    """Both tickets have one draw; the share .3 of 102 and of 56 Gwei, 30.6 and 16.8, rounded down."""
    chain = make_chain(draw="lottery", supply=2, maturity=1, refund=0.3)
    process_genesis(chain.state)
    chain.sell(0, 1, 102)
    chain.sell(1, 2, 56)
    for title in list(chain.state.titles.live.values()):
        chain.state.titles.transfer(title, 3, "transfer")
    chain.open()
    kept = chain.state.urn[0]
    chain.propose()
    chain.close()
    assert chain.state.ledger.free(3) == 1000 + (30, 16)[kept]
    assert chain.state.ledger.total(REFUNDS) == (30, 16)[kept]
    assert chain.state.ledger.total(BURNED) == 158


def test_an_unsold_ticket_expires_without_a_refund(make_chain):
    chain = make_chain(draw="lottery", supply=2, maturity=1, refund=1.0)
    process_genesis(chain.state)
    chain.open()
    chain.propose()
    assert chain.close()[1] == [2, 3]
    assert chain.state.ledger.total(REFUNDS) == 0
    assert sorted(chain.ends().values()) == ["expired", "unsold"]


# Rules of one's own


def test_a_rule_of_ones_own_may_leave_a_block_open(make_chain):
    def newest_in_odd_blocks(state, block):
        return state.urn[-1] if block % 2 else None

    chain = make_chain(draw=newest_in_odd_blocks, supply=3, maturity=4).genesis()
    assert proposers(chain, 4) == [None, 2, None, 3]
    assert set(chain.ends().values()) == {"proposed"}


def test_tickets_of_such_a_rule_expire_with_their_window(make_chain):
    chain = make_chain(draw=lambda state, block: None, supply=3, maturity=2).genesis()  # noqa: ARG005
    assert proposers(chain, 2) == [None, None]
    assert all_dates(chain) == {0: (-1, 0, 2), 1: (-1, 0, 2), 2: (-1, 0, 2)}
    chain.slot()
    assert all_dates(chain) == {3: (2, 3, 5), 4: (2, 3, 5), 5: (2, 3, 5)}
    assert chain.ends() == dict.fromkeys(range(3), "expired")
