"""What the market refuses: each with its own error, nothing changes, and a refused message stays usable."""

from __future__ import annotations

import pytest

from chain import errors as chain_errors
from chain.clock import Phase
from chain.errors import (
    BadAmount,
    BadSignature,
    InsufficientFunds,
    NonceUsed,
    NotOwner,
    NotProposer,
    Refused,
    TicketBurned,
    TicketListed,
    TicketMoved,
    UnknownTicket,
)
from chain.protocol import process_empty_block
from chain.ticket import NEVER, Series
from chain.transfer import process_transfer
from market import errors as market_errors
from market.auctions import Terms
from market.errors import (
    AuctionClosed,
    BadTerms,
    BidTooLow,
    OrderExpired,
    ResaleClosed,
    SelfDealing,
    UnknownOrder,
)
from tests.snapshot import changes

EXPIRY_3 = Series(False, 3)  # ticket 3, of account 1


def test_every_refusal_has_a_code_of_its_own():
    things = {**vars(chain_errors), **vars(market_errors)}.values()
    refusals = {thing for thing in things if isinstance(thing, type) and issubclass(thing, Refused)}
    assert len({refusal.code for refusal in refusals}) == len(refusals) > 20


@pytest.mark.parametrize(
    "change",
    [
        lambda market: market.gate._nonces[2].use(0),
        lambda market: market.ledger.lock(2, 0),
        lambda market: market.titles.list(market.titles.live[3], 8),
        lambda market: setattr(market.titles.live[3], "nonce", 2),
        lambda market: market.state.claims.setdefault(7, {}),
        lambda market: market.state.urn.pop(),
        lambda market: setattr(market.exchange, "_count", 1),
        lambda market: market.exchange._book(EXPIRY_3),
        lambda market: market.trades.ticket_sold("primary", "posted", market.titles.live[3], 1, 2, 3, 4),
        lambda market: market.house.offer_lot(market.titles.live[3], "posted", Terms()),
    ],
)
def test_that_nothing_changes_is_said_of_everything(market, change):
    """A snapshot, with which the tests below compare, shows the least change anywhere."""
    before = market.snapshot()
    assert market.snapshot() == before
    change(market)
    assert market.snapshot() != before
    assert changes(before, market.snapshot())


def test_what_changed_is_told_by_its_place(market):
    before = market.snapshot()
    market.titles.live[3].nonce = 2
    assert changes(before, market.snapshot()) == ["state.titles.live[3].nonce: 1, now 2"]


# Replays


def test_a_replayed_bid_in_the_book(market):
    bid = market.bid(2, EXPIRY_3, 50)
    id = market.exchange.place(bid, 0)
    market.refuses(NonceUsed, market.exchange.place, bid, 0)
    market.exchange.cancel(2, id, 0)
    market.refuses(NonceUsed, market.exchange.place, bid, 0)
    assert market.money(2) == (1000, 0)


def test_a_replayed_ask(market):
    ask = market.ask(1, 3, 50)
    market.exchange.cancel(1, market.exchange.place(ask, 0), 0)
    market.refuses(NonceUsed, market.exchange.place, ask, 0)


def test_a_nonce_serves_one_message_of_any_kind(market):
    bid = market.bid(2, EXPIRY_3, 50)
    market.exchange.place(bid, 0)
    auction = market.house.open_sale(market.listing(1, 3), 0)
    market.refuses(NonceUsed, market.house.enter, market.offer(2, auction, 50, nonce=bid.nonce), 0)
    market.house.enter(market.offer(3, auction, 50, nonce=bid.nonce), 0)


def test_a_replayed_bid_in_an_auction(market):
    auction = market.house.open_sale(market.listing(1, 3), 0)
    bid = market.offer(2, auction, 50)
    market.house.enter(bid, 0)
    market.refuses(NonceUsed, market.house.enter, bid, 0)
    market.house.enter(market.offer(2, auction, 20), 0)
    market.refuses(NonceUsed, market.house.enter, bid, 0)


def test_a_replayed_listing(market):
    listing = market.listing(1, 3, deadline=5)
    auction = market.house.open_sale(listing, 0)
    market.refuses(TicketListed, market.house.open_sale, listing, 0)
    market.withdraw(auction.title)
    market.refuses(NonceUsed, market.house.open_sale, listing, 0)


# Tickets that are not there, not one's own, or not free


@pytest.mark.parametrize("sells", ["ask", "listing"])
def test_a_listing_of_a_moved_ticket(market, sells):
    place = {"ask": market.exchange.place, "listing": market.house.open_sale}[sells]
    message = getattr(market, sells)(1, 3, 50 if sells == "ask" else "english")
    process_transfer(market.state, market.transfer(1, 2, 3))
    market.refuses(TicketMoved, place, message, 0)
    process_transfer(market.state, market.transfer(2, 1, 3))
    market.refuses(TicketMoved, place, message, 0)


def test_a_listing_of_someone_elses_ticket(market):
    market.refuses(NotOwner, market.exchange.place, market.ask(2, 3, 50), 0)
    market.refuses(NotOwner, market.house.open_sale, market.listing(2, 3), 0)


def test_a_listing_of_an_unknown_and_of_a_burned_ticket(market):
    unknown_ask, unknown_sale = market.ask(1, 3, 5, ticket=4), market.listing(1, 3, ticket=4)
    burned_ask, burned_sale = market.ask(1, 0, 5), market.listing(1, 0)
    process_empty_block(market.state)
    for error, ask, sale in ((UnknownTicket, unknown_ask, unknown_sale), (TicketBurned, burned_ask, burned_sale)):
        market.refuses(error, market.exchange.place, ask, 0)
        market.refuses(error, market.house.open_sale, sale, 0)


def test_a_double_sale(market):
    """Twice in the book, twice in auctions, once in each; a transfer of a listed ticket is one too."""
    id = market.exchange.place(market.ask(1, 3, 50), 0)
    second_ask, sale, gift = market.ask(1, 3, 60), market.listing(1, 3), market.transfer(1, 2, 3)
    market.refuses(TicketListed, market.exchange.place, second_ask, 0)
    market.refuses(TicketListed, market.house.open_sale, sale, 0)
    market.refuses(TicketListed, process_transfer, market.state, gift)
    market.exchange.cancel(1, id, 0)
    market.house.open_sale(sale, 0)
    market.refuses(TicketListed, market.house.open_sale, market.listing(1, 3), 0)
    market.refuses(TicketListed, market.exchange.place, second_ask, 0)
    market.withdraw(market.titles.live[3])
    market.exchange.place(second_ask, 0)


# Forgeries


def test_messages_that_someone_else_signed(market):
    auction = market.house.open_sale(market.listing(1, 3), 0)
    forgeries = [
        (market.exchange.place, market.bid(3, EXPIRY_3, 50)._replace(maker=2)),
        (market.exchange.place, market.ask(2, 2, 50)._replace(maker=3)),
        (market.house.open_sale, market.listing(2, 2)._replace(seller=3)),
        (market.house.enter, market.offer(3, auction, 50)._replace(bidder=2)),
        (market.house.open_block, market.listing(2, 0, block=0)._replace(seller=1)),
    ]
    for operation, forged in forgeries:
        market.refuses(BadSignature, operation, forged, 0)


def test_messages_that_were_changed_after_they_were_signed(market):
    bid = market.bid(2, EXPIRY_3, 50)
    changes = [{"price": 51}, {"series": Series(False, 2)}, {"valid_until": 9}, {"tif": "ioc"}]
    for change in [*changes, {"nonce": 7}, {"transfer_nonce": 1}]:
        market.refuses(BadSignature, market.exchange.place, bid._replace(**change), 0)
    market.exchange.place(bid, 0)


# Orders


def test_a_bid_above_what_is_free_is_good_once_there_is_money(market):
    bid = market.bid(2, EXPIRY_3, 1001)
    market.refuses(InsufficientFunds, market.exchange.place, bid, 0)
    market.ledger.endow(2, 1)
    market.exchange.place(bid, 0)
    assert market.money(2) == (0, 1001)
    market.refuses(InsufficientFunds, market.exchange.place, market.bid(2, EXPIRY_3, 1), 0)


@pytest.mark.parametrize(
    "change",
    [
        {"side": "claim"},
        {"side": "buy"},
        {"tif": "day"},
        {"ticket": 3},
        {"series": Series(False, 2**63)},
        {"valid_until": 2**63},
    ],
)
def test_a_bid_whose_terms_make_no_sense(market, change):
    bid = market.bid(2, EXPIRY_3, 50)._replace(**change)
    market.refuses(BadTerms, market.exchange.place, bid, 0)


def test_an_ask_without_a_ticket_or_in_another_series(market):
    market.refuses(BadTerms, market.exchange.place, market.ask(1, 3, 50, ticket=None), 0)
    market.refuses(BadTerms, market.exchange.place, market.ask(1, 3, 50, series=Series(False, 2)), 0)
    market.refuses(BadTerms, market.exchange.place, market.ask(1, 3, 50, series=Series(True, 3)), 0)


@pytest.mark.parametrize("price", [-1, 2**63, 1.5, True, "5"])
def test_a_price_is_a_whole_number_of_gwei(market, price):
    order, auction = market.bid(2, EXPIRY_3, 50), market.house.open_sale(market.listing(2, 1), 0)
    market.refuses(BadAmount, market.exchange.place, order._replace(price=price), 0)
    market.refuses(BadAmount, market.house.enter, market.offer(1, auction, 50)._replace(price=price), 0)
    for name in ("reserve", "start", "tick"):
        listing = market.listing(1, 3)._replace(**{name: price})
        market.refuses(BadAmount, market.house.open_sale, listing, 0)


def test_an_order_outside_its_time(market):
    late, early = market.bid(2, EXPIRY_3, 50, valid_until=0), market.bid(2, EXPIRY_3, 50, valid_from=1)
    over = market.bid(2, Series(False, 0), 50)
    market.refuses(OrderExpired, market.exchange.place, early, 0)
    process_empty_block(market.state)
    market.open()
    market.refuses(OrderExpired, market.exchange.place, late, 0)
    market.refuses(OrderExpired, market.exchange.place, over, 0)
    market.exchange.place(early, 0)


@pytest.mark.parametrize("side", ["bid", "ask"])
def test_post_only_that_would_cross_dies_and_leaves_the_book_as_it_was(market, side):
    """It is not refused: it was taken in, used its nonce up and was killed."""
    if side == "bid":
        market.exchange.place(market.ask(1, 3, 50), 0)
        order, better = (market.bid(2, EXPIRY_3, price, tif="post_only") for price in (50, 49))
    else:
        market.exchange.place(market.bid(2, EXPIRY_3, 50), 0)
        order, better = (market.ask(1, 3, price, tif="post_only") for price in (50, 51))
    quotes, money = market.exchange.quotes(), market.money(2)
    market.exchange.place(order, 0)
    assert (market.exchange.quotes(), market.money(2)) == (quotes, money)
    assert market.column("orders", "outcome") == ["killed"]
    market.refuses(NonceUsed, market.exchange.place, order, 0)
    market.exchange.place(better, 0)
    assert len(market.exchange.own_orders(1)) == len(market.exchange.own_orders(2)) == 1


def test_cancelling_what_is_not_ones_own_or_not_there(market):
    id = market.exchange.place(market.bid(2, EXPIRY_3, 50), 0)
    market.refuses(NotOwner, market.exchange.cancel, 1, id, 0)
    market.refuses(UnknownOrder, market.exchange.cancel, 2, id + 1, 0)
    market.exchange.cancel(2, id, 0)
    market.refuses(UnknownOrder, market.exchange.cancel, 2, id, 0)


# Resale


@pytest.mark.parametrize(
    ("resale", "drawn", "undrawn"),
    [("never", False, False), ("ex_ante", False, True), ("ex_post", True, False), ("both", True, True)],
)
def test_resale_is_open_when_the_market_structure_says(make_market, resale, drawn, undrawn):
    """Ticket 0 is drawn for the present block, ticket 3 is not drawn yet; both are account 1's."""
    market = make_market(resale=resale).begin()
    for ticket, allowed in ((0, drawn), (3, undrawn)):
        ask, sale = market.ask(1, ticket, 50), market.listing(1, ticket)
        bid = market.bid(2, ask.series, 10)
        if allowed:
            market.exchange.place(bid, 0)
            market.exchange.cancel(1, market.exchange.place(ask, 0), 0)
            market.house.open_sale(sale, 0)
        else:
            market.refuses(ResaleClosed, market.exchange.place, ask, 0)
            market.refuses(ResaleClosed, market.house.open_sale, sale, 0)
            market.refuses(BadTerms, market.exchange.place, bid, 0)


# Auctions


@pytest.mark.parametrize(
    ("error", "change"),
    [
        (BadTerms, {"format": "vickrey"}),
        (BadTerms, {"format": "posted"}),
        (BadTerms, {"format": "dutch", "reserve": 50, "start": 49}),
        (BadTerms, {"ticket": None}),
        (BadTerms, {"deadline": -1}),
        (BadTerms, {"deadline": 2**63}),
        (BadTerms, {"deadline": 1.0}),
        (BadAmount, {"tick": 0}),
    ],
)
def test_a_listing_whose_terms_make_no_sense(market, error, change):
    market.refuses(error, market.house.open_sale, market.listing(1, 3)._replace(**change), 0)


def test_bids_that_the_auction_does_not_take(market):
    auction = market.house.open_sale(market.listing(1, 3, reserve=40), 0)
    market.refuses(BidTooLow, market.house.enter, market.offer(2, auction, 39), 0)
    market.refuses(SelfDealing, market.house.enter, market.offer(1, auction, 50), 0)
    market.refuses(AuctionClosed, market.house.enter, market.offer(2, auction.id + 1, 50), 0)
    market.house.enter(market.offer(2, auction, 40), 0)


def test_a_bid_in_a_closed_auction(market):
    auction = market.house.open_sale(market.listing(1, 3), 0)
    late = market.offer(2, auction, 50)
    market.house.clear_sales(0)
    market.refuses(AuctionClosed, market.house.enter, late, 0)


def test_a_bid_above_what_is_free_counts_the_bid_that_it_replaces(make_market):
    market = make_market(entry=10).begin()
    auction = market.house.open_sale(market.listing(1, 3), 0)
    high = market.offer(2, auction, 991)
    market.refuses(InsufficientFunds, market.house.enter, high, 0)
    market.house.enter(market.offer(2, auction, 990), 0)
    assert market.money(2) == (0, 990)
    market.refuses(InsufficientFunds, market.house.enter, high, 0)
    market.ledger.endow(2, 1)
    market.house.enter(high, 0)
    assert market.money(2) == (0, 991)


def test_entry_is_paid_once_and_only_in_resales(make_market):
    market = make_market(entry=10).begin()
    resale = market.house.open_sale(market.listing(1, 3), 0)
    lot = market.house.offer_lot(market.titles.live[1], "posted", Terms(5))
    block = market.house.open_block(market.listing(1, 0, block=0), 0)
    for price in (7, 9, 8):
        for auction in (resale, lot, block):
            market.house.enter(market.offer(2, auction, price), 0)
    assert market.money(2) == (1000 - 10 - 24, 24)


def test_a_bid_for_the_protocols_ticket_costs_its_bidder_once_what_is_its_own(make_market):
    market = make_market(primary_entry={2: 10, 3: 4}).begin()
    resale = market.house.open_sale(market.listing(1, 3), 0)
    lot = market.house.offer_lot(market.titles.live[1], "posted", Terms(5))
    high = market.offer(2, lot, 991)
    market.refuses(InsufficientFunds, market.house.enter, high, 0)
    for account in (1, 2, 3):
        for price in (7, 9):
            market.house.enter(market.offer(account, lot, price), 0)
    market.house.enter(market.offer(3, resale, 9), 0)
    assert [market.money(account) for account in (1, 2, 3)] == [(991, 9), (981, 9), (978, 18)]
    paid = zip(market.column("payments", "reason"), market.column("payments", "amount_gwei"), strict=True)
    assert [amount for reason, amount in paid if reason == "primary_entry"] == [10, 4]
    assert market.viewer.view(2, market.viewer.market(Phase.PRIMARY)).primary_entry_gwei == 10


def test_the_sale_of_a_block_by_who_has_no_right_to_it(market):
    sale = market.listing(1, 0, block=0)
    for change in ({"block": 1}, {"block": None}, {"ticket": 3}, {"ticket": None}, {"seller": 2}):
        market.refuses(NotProposer, market.house.open_block, sale._replace(**change), 0)
    market.house.open_block(sale, 0)
    market.refuses(NonceUsed, market.house.open_block, sale, 0)
    process_empty_block(market.state)
    market.refuses(NotProposer, market.house.open_block, market.listing(1, 3, ticket=0, block=0), 0)


def test_a_market_order_takes_no_more_than_there_is(market):
    """It signs the best ask's price, and is refused like any other where that cannot be paid."""
    market.exchange.place(market.ask(1, 3, 1001), 0)
    order = market.bid(2, EXPIRY_3, None, valid_until=NEVER)
    market.refuses(InsufficientFunds, market.exchange.place, order, 0)
    market.ledger.endow(2, 1)
    market.exchange.place(market.bid(2, EXPIRY_3, None), 0)
    assert market.titles.live[3].owner == 2
    assert market.money(2) == (0, 0)
    assert market.money(1) == (2001, 0)
