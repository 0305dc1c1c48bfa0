"""Approvals, operators and permits: who may transfer whose tickets."""

from __future__ import annotations

import pytest

from chain.approvals import (
    NOBODY,
    PERMIT,
    Approvals,
    permit_values,
    process_approve,
    process_permit,
    process_transfer_from,
)
from chain.errors import (
    BadSignature,
    CapExceeded,
    NotApproved,
    NotOwner,
    PermitExpired,
    TicketListed,
    UnknownTicket,
)

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
OUTSIDER = b"\x0e" * 20


@pytest.fixture
def approvals() -> Approvals:
    return Approvals()


def address(chain, account):
    return chain.state.accounts[account].address


def test_an_owner_needs_no_approval_and_raises_the_transfer_nonce(chain, approvals):
    process_transfer_from(chain.state, approvals, address(chain, 1), 1, 2, 2)
    title = chain.state.titles.live[2]
    assert (title.owner, title.nonce) == (2, 2)


def test_an_approval_ends_when_the_ticket_moves(chain, approvals):
    state, title = chain.state, chain.state.titles.live[2]
    process_approve(state, approvals, address(chain, 1), OUTSIDER, 2)
    assert approvals.get_approved(title) == OUTSIDER
    process_transfer_from(state, approvals, OUTSIDER, 1, 2, 2)
    assert approvals.get_approved(title) == NOBODY
    chain.refuses(NotApproved, process_transfer_from, approvals, OUTSIDER, 2, 3, 2)


def test_an_approval_is_for_one_ticket_and_is_taken_back(chain, approvals):
    state = chain.state
    process_approve(state, approvals, address(chain, 1), OUTSIDER, 2)
    chain.refuses(NotApproved, process_transfer_from, approvals, OUTSIDER, 1, 2, 1)
    process_approve(state, approvals, address(chain, 1), NOBODY, 2)
    chain.refuses(NotApproved, process_transfer_from, approvals, OUTSIDER, 1, 2, 2)


def test_an_operator_acts_for_all_tickets_of_its_owner_until_it_no_longer_may(chain, approvals):
    state, owner = chain.state, address(chain, 1)
    chain.refuses(NotApproved, process_approve, approvals, OUTSIDER, OUTSIDER, 2)
    approvals.set_operator(owner, OUTSIDER, True)
    process_approve(state, approvals, OUTSIDER, address(chain, 3), 2)
    process_transfer_from(state, approvals, OUTSIDER, 1, 2, 1)
    chain.refuses(NotApproved, process_transfer_from, approvals, OUTSIDER, 2, 1, 1)
    approvals.set_operator(owner, OUTSIDER, False)
    chain.refuses(NotApproved, process_transfer_from, approvals, OUTSIDER, 1, 2, 2)


def test_a_permit_approves_once_and_is_void_after_a_transfer(chain, approvals):
    state, title = chain.state, chain.state.titles.live[2]
    values = permit_values(OUTSIDER, 2, title.nonce, 100)
    signature = chain.sign(1, PERMIT, values)
    process_permit(state, approvals, OUTSIDER, 2, 100, signature, now=100)
    process_transfer_from(state, approvals, OUTSIDER, 1, 2, 2)
    chain.refuses(BadSignature, process_permit, approvals, OUTSIDER, 2, 100, signature, 100)


def test_a_permit_with_a_high_s_is_refused_though_its_signer_is_the_owner(chain, approvals):
    """Anyone can make it of the owner's own one (EIP-2)."""
    signature = chain.sign(1, PERMIT, permit_values(OUTSIDER, 2, chain.state.titles.live[2].nonce, 100))
    mirrored = mirror(signature)
    assert mirrored != signature
    assert "half of the order" in chain.refuses(
        BadSignature, process_permit, approvals, OUTSIDER, 2, 100, mirrored, 100
    )
    process_permit(chain.state, approvals, OUTSIDER, 2, 100, signature, now=100)


def mirror(signature: bytes) -> bytes:
    """The same signature with s mirrored: n − s, and the other v."""
    s = ORDER - int.from_bytes(signature[32:64], "big")
    return signature[:32] + s.to_bytes(32, "big") + bytes([55 - signature[64]])


def test_a_permit_that_is_late_or_is_not_the_owners(chain, approvals):
    values = permit_values(OUTSIDER, 2, chain.state.titles.live[2].nonce, 100)
    chain.refuses(PermitExpired, process_permit, approvals, OUTSIDER, 2, 100, chain.sign(1, PERMIT, values), 101)
    chain.refuses(BadSignature, process_permit, approvals, OUTSIDER, 2, 100, chain.sign(2, PERMIT, values), 100)
    chain.refuses(UnknownTicket, process_permit, approvals, OUTSIDER, 99, 100, chain.sign(1, PERMIT, values), 100)


def test_a_transfer_from_someone_who_does_not_own_the_ticket_or_has_listed_it(chain, approvals):
    state, owner = chain.state, address(chain, 1)
    chain.refuses(NotOwner, process_transfer_from, approvals, owner, 2, 3, 2)
    state.titles.list(state.titles.live[2], 7)
    chain.refuses(TicketListed, process_transfer_from, approvals, owner, 1, 3, 2)


def test_who_is_given_a_ticket_needs_room_and_posts_its_collateral(make_chain, approvals):
    chain = make_chain(owner_cap=3, collateral=100).genesis()
    giver, taker, ledger = address(chain, 1), address(chain, 2), chain.state.ledger
    chain.refuses(NotApproved, process_transfer_from, approvals, giver, 1, 2, 0)
    approvals.set_operator(giver, taker, True)
    process_transfer_from(chain.state, approvals, taker, 1, 2, 0)
    assert [ledger.escrowed(account) for account in (1, 2)] == [200, 100]
    full = make_chain(owner_cap=3).genesis()
    full.state.wanted[2] = 3
    said = full.refuses(CapExceeded, process_transfer_from, approvals, giver, 1, 2, 0)
    assert "account 2 holds 0 tickets, bids for 3; an owner's cap is 3" in said
