"""Steps at the wrong time, and parties that nobody thought of: the protocol and the contract refuse both.

A pair raises `Disagreement` where they differ."""

from __future__ import annotations

import pytest

from chain.account import PROTOCOL
from chain.approvals import PERMIT, permit_values
from chain.evm.machine import Reverted
from chain.genesis_gift import HandOut
from chain.rules import draw_rule
from chain.state import Rules
from chain.transfer import TRANSFER, Transfer, transfer_values
from experiments.lab.conformance.twin.pair import Pair
from experiments.lab.conformance.twin.parties import CALLS_BACK, GOOD, NOBODY, REJECTING, WALLET
from experiments.lab.conformance.twin.random_choices import folded
from market.errors import BadTerms
from market.resale_times import RESALE
from tests.lab.conformance.test_contract_findings import MONEY, OUTSIDER, Scene


@pytest.fixture
def scene() -> Scene:
    return Scene()


def ahead() -> Pair:
    """Before the first draws of two blocks."""
    rules = Rules(5, 1, 2, draw_rule("lottery"))
    both = Pair(rules, RESALE["both"], seed=1)
    both.genesis()
    return both


def test_no_slot_opens_while_the_present_one_is_open(scene):
    assert scene.refused(scene.both.open_slot)
    scene.both.leave_empty()
    assert not scene.refused(scene.both.open_slot)
    assert scene.state.slot == 1


def test_no_slot_opens_before_the_first_draws_or_with_expired_tickets():
    both = ahead()
    both.open_slot()
    assert (both.accepted, both.state.slot) == (1, -1)
    both.first_draws((1, 1))
    both.open_slot()
    both.leave_empty()
    both.open_slot()
    assert (both.accepted, both.state.slot) == (4, 0)
    both.close_slot()
    both.open_slot()
    assert (both.accepted, both.state.slot) == (6, 1)


def test_the_first_draws_are_held_once():
    both = ahead()
    both.first_draws()
    both.first_draws()
    both.open_slot()
    both.first_draws()
    assert (both.agreed, both.accepted) == (5, 3)


def test_nothing_has_expired_before_the_first_draws():
    """Of a maturity of one block, with a look-ahead of two, all would have."""
    both = ahead()
    both.close_slot((1, 1))
    assert len(both.state.urn) == 5
    both.first_draws()
    both.open_slot()
    both.leave_empty()
    both.close_slot()
    assert (both.agreed, both.accepted) == (6, 6)
    assert both.state.titles.burned == 1 + (5 - 3)


def test_what_is_drawn_is_not_sold():
    both = Pair(Rules(3, None, 0, draw_rule("lottery")), RESALE["both"], seed=1)
    scene = Scene.__new__(Scene)
    scene.both, scene.state, scene.nonces = both, both.state, [0] * 5
    both.genesis()
    both.deposit(1, MONEY)
    both.open_slot()
    drawn = both.state.draws[0].ticket
    assert scene.refused(both.sell, drawn, 5, lambda auction: scene.offer(1, auction))
    assert not scene.refused(
        both.sell, both.state.urn[0], 5, lambda auction: scene.offer(1, auction, listing=bytes(32))
    )


@pytest.mark.parametrize("taker", [PROTOCOL, NOBODY])
def test_nobody_and_the_protocol_are_given_nothing(scene, taker):
    owner = scene.both.addresses[1]
    assert scene.refused(scene.both.transfer_from, owner, 1, taker, scene.undrawn(1))
    assert scene.refused(scene.both.safe_transfer, owner, 1, taker, scene.undrawn(1))
    gift = Transfer(1, taker, scene.undrawn(1), 1)
    signed = scene.sign(1, TRANSFER, gift, transfer_values(scene.state, gift))
    assert scene.refused(scene.both.transfer, signed, owner)
    both = ahead()
    both.hand_out(HandOut(taker, 0, 0))
    assert both.accepted == 1


def test_both_take_a_signature_that_is_folded(scene):
    values = permit_values(scene.both.addresses[2], 0, 1, 2**200)
    signature = scene.state.signatures.sign(scene.state.accounts[1].key, PERMIT, values)
    assert not scene.refused(scene.both.permit, OUTSIDER, scene.both.addresses[2], 0, 2**200, folded(signature))


def test_no_listing_is_taken_in_after_its_slot(scene):
    """The contract settles it for a slot longer, since it may have come in at the close."""
    late = scene.listing(1)
    scene.next_slot()
    with pytest.raises(BadTerms):
        scene.both._house.open_sale(late, 0)


def test_the_protocol_buys_nothing(scene):
    """No ticket goes back to it for money."""
    scene.both.deposit(PROTOCOL, MONEY)
    scene.nonces += [0]
    assert scene.refused(scene.both.settle, scene.ask(1, 5), scene.bid(PROTOCOL, 5, tif="ioc"))
    assert scene.refused(scene.both.award, scene.listing(1), lambda auction: scene.offer(PROTOCOL, auction))


@pytest.mark.parametrize(
    ("taker", "is_taken"), [(GOOD, True), (WALLET, False), (REJECTING, False), (CALLS_BACK, True)]
)
def test_a_contract_says_whether_it_takes_a_ticket(scene, taker, is_taken):
    serial = scene.undrawn(1)
    taken = not scene.refused(scene.both.safe_transfer, scene.both.addresses[1], 1, taker, serial)
    assert taken == is_taken
    assert scene.state.titles.get(serial).owner == (taker if is_taken else 1)


def test_a_receiver_that_calls_back_sends_the_ticket_on(scene):
    serial = scene.undrawn(1)
    scene.both.safe_transfer(scene.both.addresses[1], 1, CALLS_BACK, serial, 2)
    assert scene.state.titles.get(serial).owner == 2


def test_who_withdraws_again_from_within_gets_no_more_than_it_has(scene):
    scene.both.deposit(CALLS_BACK, 5)
    assert not scene.refused(scene.both.withdraw, CALLS_BACK, 3)
    assert scene.state.ledger.free(CALLS_BACK) == 2
    scene.both.deposit(CALLS_BACK, 4)
    assert not scene.refused(scene.both.withdraw, CALLS_BACK, 3)
    assert scene.state.ledger.free(CALLS_BACK) == 0


def test_money_goes_to_no_contract_that_rejects_it_nor_to_nobody(scene):
    assert scene.refused(scene.both.withdraw, 1, 3, REJECTING)
    assert scene.refused(scene.both.withdraw, 1, 3, NOBODY)
    assert not scene.refused(scene.both.withdraw, 1, 3, GOOD)


def test_an_account_uses_up_its_own_nonces(scene):
    bid = scene.bid(2, 60, tif="ioc")
    scene.both.cancel_nonces(2, 0, 1 << bid.nonce)
    assert scene.refused(scene.both.settle, scene.ask(1, 50), bid)


def test_between_the_first_draws_and_block_0_both_know_the_time():
    """First draws are held in the block of slot 0: what ended before it has ended."""
    both = ahead()
    both.first_draws()
    owner = both.addresses[PROTOCOL]
    for deadline, taken in ((both.now - 1, 2), (both.now, 3)):
        values = permit_values(OUTSIDER, both.state.urn[0], 0, deadline)
        signature = both.state.signatures.sign(both.state.accounts[PROTOCOL].key, PERMIT, values)
        both.permit(owner, OUTSIDER, both.state.urn[0], deadline, signature)
        assert both.accepted == taken


def test_no_ticket_of_an_elastic_supply_is_sold_between_the_first_draws_and_block_0():
    both = Pair(Rules(3, None, 1, draw_rule("lottery"), elastic=True), RESALE["both"], seed=1)
    scene = Scene.__new__(Scene)
    scene.both, scene.state, scene.nonces = both, both.state, [0] * 5
    both.deposit(1, MONEY)
    both.first_draws()
    both.sell_new(5, lambda auction: scene.offer(1, auction))
    assert both.state.titles.minted == 0
    with pytest.raises(Reverted, match="seed_known"):
        both.tickets.call("mint", both.addresses[PROTOCOL], 1)
