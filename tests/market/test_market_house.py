"""Auctions of tickets, from the listing to the money."""

from __future__ import annotations

import pytest

from chain.protocol import process_empty_block
from market.auctions import Terms


@pytest.mark.parametrize(
    ("format", "price"), [("second_price", 60), ("english", 60), ("first_price", 80), ("dutch", 80)]
)
def test_a_sale_settles_ticket_and_money(market, format, price):
    """Ticket 3 of account 1; bids of 60 and 80."""
    auction = market.house.open_sale(market.listing(1, 3, format, start=100, reserve=20), 5)
    for account, bid in ((2, 60), (3, 80)):
        market.house.enter(market.offer(account, auction, bid), 9)
    assert (market.money(2), market.money(3)) == ((940, 60), (920, 80))
    assert market.titles.live[3].listing == auction.id
    market.house.clear_sales(12)
    title = market.titles.live[3]
    assert (title.owner, title.listing, title.nonce) == (3, None, 2)
    assert [market.money(account) for account in (1, 2, 3)] == [(1000 + price, 0), (1000, 0), (1000 - price, 0)]
    assert market.trades.last_price == price
    assert market.house.open == {}
    assert market.column("bids", "outcome") == ["lost", "won"]
    assert market.column("trades", "age") == [0]
    assert market.column("trades", "to_maturity") == [3]


def test_where_all_pay_the_seller_is_paid_by_losers_too(market):
    auction = market.house.open_sale(market.listing(1, 3, "all_pay", reserve=20), 5)
    for account, bid in ((2, 60), (3, 80)):
        market.house.enter(market.offer(account, auction, bid), 9)
    market.house.clear_sales(12)
    assert market.titles.live[3].owner == 3
    assert [market.money(account) for account in (1, 2, 3)] == [(1140, 0), (940, 0), (920, 0)]
    assert market.column("bids", "outcome") == ["lost", "won"]
    assert market.column("auctions", "price_gwei") == [80]


def test_where_all_pay_nobody_pays_for_a_ticket_that_is_withdrawn(market):
    auction = market.house.open_sale(market.listing(1, 3, "all_pay"), 5)
    market.house.enter(market.offer(2, auction, 60), 9)
    market.house.withdraw(market.titles.live[3])
    assert [market.money(account) for account in (1, 2)] == [(1000, 0), (1000, 0)]


def test_a_dutch_clock_may_start_at_its_reserve(market):
    auction = market.house.open_sale(market.listing(1, 3, "dutch", start=20, reserve=20), 0)
    market.house.enter(market.offer(2, auction, 20), 0)
    market.house.clear_sales(0)
    assert market.money(2) == (980, 0)


def test_without_a_bid_the_ticket_stays(market):
    market.house.open_sale(market.listing(1, 3), 0)
    market.house.clear_sales(0)
    title = market.titles.live[3]
    assert (title.owner, title.listing, title.nonce) == (1, None, 1)
    assert market.column("auctions", "outcome") == ["unsold"]


def test_an_auction_closes_in_the_session_of_its_deadline(market):
    auction = market.house.open_sale(market.listing(1, 3, deadline=1), 0)
    market.house.enter(market.offer(2, auction, 60), 0)
    market.house.clear_sales(0)
    assert auction.id in market.house.open
    process_empty_block(market.state)
    market.open()
    market.house.clear_sales(0)
    assert market.titles.live[3].owner == 2


def test_a_later_bid_replaces_the_earlier_one_and_loses_its_place(market):
    auction = market.house.open_sale(market.listing(1, 3), 0)
    for account, price in ((2, 50), (3, 50), (2, 40), (2, 50)):
        market.house.enter(market.offer(account, auction, price), 0)
    assert market.money(2) == (950, 50)
    assert [offer.bidder for offer in auction.offers()] == [3, 2]
    market.house.clear_sales(0)
    assert market.titles.live[3].owner == 3
    assert market.column("bids", "outcome") == ["replaced", "replaced", "won", "lost"]
    assert market.column("bids", "bid") == [0, 2, 1, 3]


def test_a_drawn_ticket_leaves_its_auction_and_the_bids_come_back(make_market):
    """All tickets of a lottery are listed; the one that is drawn leaves."""
    market = make_market(draw="lottery", maturity=None, entry=3).begin()
    process_empty_block(market.state)
    auctions = {
        serial: market.house.open_sale(market.listing(title.owner, serial, deadline=9), 0)
        for serial, title in market.titles.live.items()
    }
    for serial, auction in auctions.items():
        market.house.enter(market.offer(auction.seller % 3 + 1, auction, 10 + serial), 0)
    market.open()
    drawn = market.state.draws[1].ticket
    bidder = auctions[drawn].seller % 3 + 1
    assert set(market.house.open) == {auction.id for serial, auction in auctions.items() if serial != drawn}
    assert market.titles.live[drawn].listing is None
    standing = [serial for serial, auction in auctions.items() if serial != drawn and bidder in auction.bids]
    assert market.money(bidder)[1] == sum(10 + serial for serial in standing)
    assert sum(sum(market.money(account)) for account in (1, 2, 3)) == 3000 - 3 * len(auctions)
    assert market.column("auctions", "outcome") == ["withdrawn"]


def test_auctions_of_other_markets_wait_for_their_own_close(market):
    lot = market.house.offer_lot(market.titles.live[2], "posted", Terms(0))
    block = market.house.open_block(market.listing(1, 0, block=0), 0)
    market.house.clear_sales(0)
    assert set(market.house.open) == {lot.id, block.id}
