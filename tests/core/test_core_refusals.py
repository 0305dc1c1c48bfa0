"""Replays, double sales, stale listings and late bids: each refused with its own error, and nothing changed."""

from __future__ import annotations

import pytest

from chain.errors import (
    BadSignature,
    BlockProposed,
    ClaimRefused,
    InsufficientFunds,
    NonceUsed,
    NotOwner,
    TicketBurned,
    TicketListed,
    TicketMoved,
)
from chain.protocol import Proposal, process_claim, process_draw, process_proposal
from chain.transfer import TRANSFER, Transfer, process_transfer, transfer_values
from market.auctions import Terms
from market.errors import AuctionClosed, BadTerms, BidTooLow, ResaleClosed, SelfDealing
from market.messages import Listing, Order, SignedBid


def ask(world, account: int, serial: int, price: int = 100, **changes) -> Order:
    title = world.state.titles.live[serial]
    terms = ("ask", "gtc", title.series, serial, title.nonce, price, 0, 2**63)
    order = Order(account, *terms, world.wallets[account].next_nonce())._replace(**changes)
    return world.wallets[account].sign(order)


def listing(world, account: int, serial: int, **changes) -> Listing:
    nonce = world.state.titles.live[serial].nonce
    terms = ("second_price", serial, nonce, None, 0, 0, 1, world.state.slot)
    return world.wallets[account].sign(
        Listing(account, *terms, world.wallets[account].next_nonce())._replace(**changes)
    )


def bid(world, account: int, auction: int, price: int) -> SignedBid:
    return world.wallets[account].sign(SignedBid(account, auction, price, world.wallets[account].next_nonce()))


@pytest.fixture
def world(make_world):
    return make_world()


def test_a_replayed_order(world):
    order = ask(world, 2, 1)
    world.exchange.cancel(2, world.exchange.place(order, 0), 0)
    with pytest.raises(NonceUsed):
        world.exchange.place(order, 0)


def test_a_replayed_bid(world):
    auction = world.house.open_sale(listing(world, 2, 1), 0)
    first = bid(world, 1, auction.id, 50)
    world.house.enter(first, 0)
    with pytest.raises(NonceUsed):
        world.house.enter(first, 0)
    assert world.state.ledger.escrowed(1) == 50


def test_a_replayed_transfer(world):
    transfer = Transfer(2, 3, 1, 1)
    key = world.state.accounts[2].key
    values = transfer_values(world.state, transfer)
    transfer = transfer._replace(signature=world.state.signatures.sign(key, TRANSFER, values))
    process_transfer(world.state, transfer)
    assert world.state.titles.live[1].owner == 3
    with pytest.raises(TicketMoved):
        process_transfer(world.state, transfer)


def test_a_replayed_proposal(world):
    process_draw(world.state)
    proposal = world.wallets[1].sign_proposal(Proposal(0, 1, 0, 1, 1))
    process_proposal(world.state, proposal, 500)
    assert world.state.ledger.free(1) == 10_500
    with pytest.raises(BlockProposed):
        process_proposal(world.state, proposal, 500)


def test_a_forged_proposal(world):
    process_draw(world.state)
    forged = world.wallets[2].sign_proposal(Proposal(0, 1, 0, 1, 2))
    with pytest.raises(BadSignature):
        process_proposal(world.state, forged, 500)


def test_a_listing_of_a_moved_ticket(world):
    stale_ask, stale_sale = ask(world, 2, 1), listing(world, 2, 1)
    world.state.titles.transfer(world.state.titles.live[1], 3, "transfer")
    world.state.titles.transfer(world.state.titles.live[1], 2, "transfer")
    with pytest.raises(TicketMoved):
        world.exchange.place(stale_ask, 0)
    with pytest.raises(TicketMoved):
        world.house.open_sale(stale_sale, 0)


@pytest.mark.parametrize("first", ["book", "house"])
@pytest.mark.parametrize("second", ["book", "house"])
def test_a_double_sale(world, first, second):
    sell = {
        "book": lambda: world.exchange.place(ask(world, 2, 1), 0),
        "house": lambda: world.house.open_sale(listing(world, 2, 1), 0),
    }
    sell[first]()
    with pytest.raises(TicketListed):
        sell[second]()


def test_a_sale_of_what_is_not_owned(world):
    with pytest.raises(NotOwner):
        world.exchange.place(ask(world, 3, 1), 0)


def test_a_bid_in_a_closed_auction(world):
    auction = world.house.open_sale(listing(world, 2, 1), 0)
    world.house.clear_sales(0)
    with pytest.raises(AuctionClosed):
        world.house.enter(bid(world, 1, auction.id, 50), 0)


def test_bids_that_an_auction_refuses(world):
    auction = world.house.open_sale(listing(world, 2, 1, reserve=40), 0)
    for account, price, refusal in ((1, 39, BidTooLow), (2, 50, SelfDealing), (1, 10_001, InsufficientFunds)):
        with pytest.raises(refusal):
            world.house.enter(bid(world, account, auction.id, price), 0)
    assert not auction.bids
    assert [world.state.ledger.free(account) for account in (1, 2, 3)] == [10_000] * 3


def test_a_refused_message_can_still_be_used(world):
    auction = world.house.open_sale(listing(world, 2, 1), 0)
    large = bid(world, 1, auction.id, 10_500)
    with pytest.raises(InsufficientFunds):
        world.house.enter(large, 0)
    world.state.ledger.endow(1, 1_000)
    world.house.enter(large, 0)
    assert world.state.ledger.escrowed(1) == 10_500


def test_a_claim_of_a_burned_ticket(make_world):
    world = make_world("claim")
    process_claim(world.state, 1, 0, 1, 0)
    process_draw(world.state)
    process_proposal(world.state, world.wallets[1].sign_proposal(Proposal(0, 1, 0, 1, None)), 0)
    with pytest.raises(TicketBurned):
        process_claim(world.state, 1, 0, 1, 2)


def test_claims_out_of_their_window(make_world):
    world = make_world("claim")
    for block in (-1, 5, 10**6):
        with pytest.raises(ClaimRefused):
            process_claim(world.state, 1, 0, 1, block)
    with pytest.raises(ClaimRefused):
        process_claim(make_world("lottery").state, 1, 0, 1, 2)


def test_resale_outside_its_time(make_world):
    world = make_world(resale="ex_post")
    with pytest.raises(ResaleClosed):
        world.exchange.place(ask(world, 2, 1), 0)
    with pytest.raises(ResaleClosed):
        world.house.open_sale(listing(world, 2, 1), 0)


def test_terms_that_make_no_sense(world):
    for changes in ({"format": "vickrey"}, {"format": "dutch", "start": 5, "reserve": 9}, {"deadline": -1}):
        with pytest.raises((BadTerms, ValueError)):
            world.house.open_sale(listing(world, 2, 1)._replace(**changes), 0)
    with pytest.raises(BadTerms):
        world.exchange.place(ask(world, 2, 1)._replace(price=None, tif="post_only"), 0)


def test_a_primary_lot_is_paid_by_burning(world):
    title = world.state.titles.live[4]
    world.state.titles.transfer(title, 0, "transfer")
    lot = world.house.offer_lot(title, "second_price", Terms(0))
    world.house.enter(bid(world, 1, lot.id, 70), 0)
    world.house.enter(bid(world, 2, lot.id, 90), 0)
    from market.primary import second_price

    world.house.clear_lots(second_price, 0)
    assert title.owner == 2
    assert [world.state.ledger.free(account) for account in (1, 2)] == [10_000, 9_930]
    assert world.state.ledger.total(3) == 70
