"""Collateral, the fee for a missed slot, the owner's cap, and tickets given back, on a chain driven by hand.

Accounts start with 1,000 Gwei.
"""

from __future__ import annotations

import pytest

from chain.account import PROTOCOL
from chain.cap import check_room, get_room
from chain.errors import CapExceeded, InsufficientFunds, NotOwner, ReturnRefused
from chain.genesis_gift import HandOut, process_hand_out, sign_hand_out
from chain.ledger import BURNED, PAYMENTS, escrow_pot, free_pot
from chain.protocol import process_empty_block, process_genesis, process_return
from chain.rules import draw_rule
from chain.state import Rules
from chain.transfer import process_transfer


def money(chain, account: int) -> tuple[int, int]:
    return chain.state.ledger.free(account), chain.state.ledger.escrowed(account)


def test_collateral_is_returned_with_the_proposal(make_chain):
    chain = make_chain(collateral=100, missed_fee=100).genesis()
    assert money(chain, 1) == (700, 300)
    chain.open()
    chain.propose(reward=7)
    assert money(chain, 1) == (807, 200)
    assert chain.state.ledger.is_balanced()


def test_of_a_missed_slot_the_fee_is_burned_and_the_rest_returned(make_chain):
    chain = make_chain(collateral=100, missed_fee=30).genesis()
    chain.open()
    process_empty_block(chain.state)
    assert chain.ends() == {0: "missed"}
    assert money(chain, 1) == (770, 200)
    assert chain.state.ledger.total(3) == 30
    assert chain.state.ledger.is_balanced()


def test_what_is_locked_burned_and_returned_is_written_with_its_ticket(make_chain):
    chain = make_chain(collateral=100, missed_fee=30).genesis()
    process_transfer(chain.state, chain.transfer(1, 2, 0))
    chain.open()
    process_empty_block(chain.state)
    written = [row[2:] for row in chain.records.table(PAYMENTS)._rows[-4:]]
    free, escrow = free_pot(2), escrow_pot(2)
    assert written == [
        ("lock", free, escrow, 100, 0),
        ("release", escrow_pot(1), free_pot(1), 100, 0),
        ("missed", escrow, BURNED, 30, 0),
        ("release", escrow, free, 70, 0),
    ]


def test_an_expired_ticket_brings_its_collateral_back(make_chain):
    """A lottery of 3 tickets with one draw each: one is drawn, two expire."""
    chain = make_chain(draw="lottery", maturity=1, collateral=100, missed_fee=100).genesis()
    chain.open()
    chain.propose()
    chain.close()
    assert sorted(chain.ends().values()) == ["expired", "expired", "proposed"]
    assert money(chain, 1) == (1000, 0)


def test_a_ticket_that_the_protocol_could_not_sell_has_none(make_chain):
    chain = make_chain(collateral=100, missed_fee=100)
    process_genesis(chain.state)
    chain.open()
    process_empty_block(chain.state)
    assert chain.ends() == {0: "unsold"}


def test_who_is_given_a_ticket_posts_its_collateral(make_chain):
    chain = make_chain(collateral=100).genesis()
    process_transfer(chain.state, chain.transfer(1, 2, 0))
    assert (money(chain, 1), money(chain, 2)) == ((800, 200), (900, 100))
    poor = make_chain(collateral=330).genesis()
    poor.state.ledger.spend("cost", 2, 700)
    poor.refuses(InsufficientFunds, process_transfer, poor.transfer(1, 2, 0))


def test_no_one_is_given_more_than_the_cap(make_chain):
    chain = make_chain(owner_cap=1).genesis()
    process_transfer(chain.state, chain.transfer(1, 2, 0))
    assert (get_room(chain.state, 2), get_room(chain.state, 3)) == (0, 1)
    said = chain.refuses(CapExceeded, process_transfer, chain.transfer(1, 2, 1))
    assert "account 2 holds 1 tickets" in said
    assert get_room(make_chain().state, 2) is None


def test_a_bid_that_stands_takes_room_as_a_ticket_does(make_chain):
    chain = make_chain(owner_cap=5).genesis()
    chain.state.wanted[1] = 1
    assert get_room(chain.state, 1) == 5 - 3 - 1
    check_room(chain.state, 1)
    chain.state.wanted[1] = 2
    with pytest.raises(CapExceeded, match="account 1 holds 3 tickets, bids for 2; an owner's cap is 5"):
        check_room(chain.state, 1)


def test_who_hands_a_ticket_on_needs_no_room(make_chain):
    chain = make_chain(owner_cap=3).genesis()
    assert get_room(chain.state, 1) == 0
    process_transfer(chain.state, chain.transfer(1, 2, 0))
    assert (get_room(chain.state, 1), get_room(chain.state, 2)) == (1, 2)


def test_a_ticket_handed_out_at_genesis_has_its_collateral(make_chain):
    chain = make_chain(collateral=100)
    process_genesis(chain.state)
    for account, serial in ((1, 0), (2, 1)):
        process_hand_out(chain.state, sign_hand_out(chain.state, HandOut(account, serial, 40)))
    assert (money(chain, 1), money(chain, 2)) == ((860, 100), (860, 100))
    assert [title.owner for title in chain.state.titles.live.values()] == [1, 2, PROTOCOL]


def test_a_ticket_given_back_is_burned_and_minted_anew(make_chain):
    chain = make_chain(draw="lottery", maturity=9, haircut=0.25, collateral=100).genesis(price=80)
    chain.open()
    serial = chain.state.urn[0]
    process_return(chain.state, 1, serial, 1, 60)
    assert serial not in chain.state.urn
    assert money(chain, 1) == (1000 - 3 * 180 + 60 + 100, 200)
    assert chain.ends() == {serial: "returned"}
    chain.propose()
    assert chain.close() == ([], [3, 4])
    assert len(chain.state.titles.live) == 3
    assert chain.state.ledger.is_balanced()


def test_what_cannot_be_given_back_is_refused(make_chain):
    chain = make_chain(draw="lottery", maturity=9, haircut=0.25).genesis()
    chain.open()
    drawn = chain.state.draws[0].ticket
    assert "drawn for block 0" in chain.refuses(ReturnRefused, process_return, 1, drawn, 1, 0)
    chain.refuses(NotOwner, process_return, 2, chain.state.urn[0], 1, 0)
    plain = make_chain(draw="lottery").genesis()
    assert "takes no tickets back" in plain.refuses(ReturnRefused, process_return, 1, 0, 1, 0)


@pytest.mark.parametrize("change", [{"haircut": 0.0}, {"collateral": 1}, {"owner_cap": 5}])
def test_a_further_rule_changes_the_rules_id(change):
    plain = Rules(3, 2, 0, draw_rule("lottery"))
    assert plain.identity() != plain._replace(**change).identity()
