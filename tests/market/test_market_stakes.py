"""Collateral, owner's cap and returns in the markets. Accounts have 1,000 Gwei; 1 holds two tickets."""

from __future__ import annotations

import pytest

from chain.clock import Phase
from chain.errors import CapExceeded, InsufficientFunds, ReturnRefused
from chain.protocol import process_genesis
from market.auctions import Terms
from market.intents import Return
from market.primary import PRICING, Amm, Tullock, UniformPrice


def test_a_bid_in_an_auction_locks_the_collateral_and_the_seller_gets_its_own_back(make_market):
    """Ticket 3 of account 1, who holds two; bids of 60 and 80, collateral 100."""
    market = make_market(collateral=100).begin()
    auction = market.house.open_sale(market.listing(1, 3), 0)
    for account, bid in ((2, 60), (3, 80)):
        market.house.enter(market.offer(account, auction, bid), 0)
    assert (market.money(2), market.money(3)) == ((740, 260), (720, 280))
    market.house.clear_sales(0)
    assert [market.money(account) for account in (1, 2, 3)] == [(960, 100), (900, 100), (740, 200)]
    assert market.ledger.is_balanced()


def test_a_fill_in_the_book_moves_collateral_with_the_ticket(make_market):
    market = make_market(collateral=100).begin()
    series = market.titles.live[3].series
    market.exchange.place(market.bid(2, series, 50), 0)
    assert market.money(2) == (750, 250)
    market.exchange.place(market.ask(1, 3, 40), 0)
    assert (market.money(1), market.money(2)) == ((950, 100), (750, 200))
    assert sum(market.state.wanted) == 0


@pytest.mark.parametrize("end", ["cancelled", "expired", "self_trade"])
def test_a_bid_that_leaves_the_book_brings_price_and_collateral_back(make_market, end):
    market = make_market(collateral=100).begin()
    series = market.titles.live[3].series
    id = market.exchange.place(market.bid(1, series, 50, valid_until=0), 0)
    assert market.money(1) == (650, 350)
    if end == "cancelled":
        market.exchange.cancel(1, id, 0)
    elif end == "expired":
        market.exchange.expire(0)
    else:
        market.exchange.place(market.ask(1, 3, 40), 0)
    assert market.money(1) == (800, 200)
    assert market.column("orders", "outcome") == [end]
    assert market.state.wanted[1] == 0


def test_a_market_bid_can_pay_what_is_free_beside_the_collateral(make_market):
    market = make_market(collateral=100).begin()
    market.exchange.place(market.ask(1, 3, 60), 0)
    market.ledger.spend("cost", 2, market.ledger.free(2) - 159)
    series = market.titles.live[3].series
    market.refuses(InsufficientFunds, market.exchange.place, market.bid(2, series, None), 0)
    market.ledger.endow(2, 1)
    market.exchange.place(market.bid(2, series, None), 0)
    assert market.titles.live[3].owner == 2


def test_a_bid_for_a_block_takes_no_room(make_market):
    """Account 2 holds as many tickets as it may, and bids for a block, wins nothing, and may bid again."""
    market = make_market(owner_cap=2).begin()
    auction = market.house.open_block(market.listing(1, 0, block=0), 0)
    for price in (60, 70):
        market.house.enter(market.offer(2, auction, price), 0)
        assert market.state.wanted[2] == 0
    market.house.cancel(auction)
    assert market.state.wanted[2] == 0


def test_who_cannot_post_it_cannot_bid(make_market):
    market = make_market(collateral=100).begin()
    auction = market.house.open_sale(market.listing(1, 3), 0)
    market.refuses(InsufficientFunds, market.house.enter, market.offer(2, auction, 801), 0)
    series = market.titles.live[3].series
    market.refuses(InsufficientFunds, market.exchange.place, market.bid(2, series, 801), 0)
    market.ledger.spend("cost", 2, 850)
    market.refuses(InsufficientFunds, market.exchange.place, market.bid(2, series, None), 0)


def test_a_winner_of_the_primary_sale_keeps_it_in_escrow_whichever_lot_it_bid_on(make_market):
    """Two tickets as units of one good: bids of 70, 60 and 50 on the second lot; both winners pay 50."""
    market = make_market(draw="lottery", collateral=100)
    titles = process_genesis(market.state)[:2]
    lots = [market.house.offer_lot(title, "uniform_price", Terms(0)) for title in titles]
    for account, bid in ((1, 70), (2, 60), (3, 50)):
        market.house.enter(market.offer(account, lots[1], bid), 0)
    market.house.clear_lots(UniformPrice(), 0)
    assert [market.money(account) for account in (1, 2, 3)] == [(850, 100), (850, 100), (1000, 0)]
    assert market.ledger.is_balanced()


def test_who_pays_and_wins_nothing_gets_its_collateral_back(make_market):
    """Bids of 70, 60 and 50 in a contest, all burned; the first of them wins."""
    market = make_market(draw="lottery", collateral=100)
    lot = market.house.offer_lot(process_genesis(market.state)[0], "tullock", Terms(0))
    for account, bid in ((1, 70), (2, 60), (3, 50)):
        market.house.enter(market.offer(account, lot, bid), 0)
    market.house.clear_lots(Tullock(lambda *_: 0), 0)
    assert [market.money(account) for account in (1, 2, 3)] == [(830, 100), (940, 0), (950, 0)]
    assert market.column("bids", "outcome") == ["won", "lost", "lost"]


def test_bids_that_stand_count_towards_the_cap(make_market):
    """Account 2 holds one ticket; with a cap of two it may bid for one more."""
    market = make_market(owner_cap=2).begin()
    auction = market.house.open_sale(market.listing(1, 3), 0)
    other = market.house.open_sale(market.listing(3, 2), 0)
    market.house.enter(market.offer(2, auction, 60), 0)
    market.house.enter(market.offer(2, auction, 70), 0)  # replaces the first
    said = market.refuses(CapExceeded, market.house.enter, market.offer(2, other, 60), 0)
    assert "account 2 holds 1 tickets, bids for 1" in said
    series = market.titles.live[3].series
    market.refuses(CapExceeded, market.exchange.place, market.bid(2, series, 5), 0)
    market.house.cancel(auction)
    market.titles.list(market.titles.live[3], None)
    market.exchange.place(market.bid(2, series, 5), 0)
    market.refuses(CapExceeded, market.house.enter, market.offer(2, other, 60), 0)


@pytest.mark.parametrize(("pricing", "pays"), [(PRICING["second_price"](), 90), (Amm(40.0, 3.0, 10.0), 30)])
def test_a_return_pays_what_the_pricing_says_less_the_haircut(make_market, pricing, pays):
    """A quarter off 120 that was paid, or off the market maker's quote at its target, 40."""
    market = make_market(draw="lottery", supply=3, haircut=0.25, pricing=pricing).begin()
    serial = next(iter(market.state.urn))
    title = market.titles.live[serial]
    title.price_gwei, owner = 120, title.owner
    market.desk.receive(
        market.participant(owner), Phase.OFFER, [Return(serial, pays + 1), Return(serial, pays)], 0
    )
    assert market.column("violations", "code") == [ReturnRefused.code]
    assert market.money(owner) == (1000 + pays, 0)
    assert serial not in market.titles.live
    assert market.column("orders", "outcome") == ["returned"]
    assert market.ledger.is_balanced()


def test_a_listed_ticket_is_not_taken_back(make_market):
    market = make_market(draw="lottery", haircut=0.0, pricing=PRICING["second_price"]()).begin()
    serial = next(iter(market.state.urn))
    owner = market.titles.live[serial].owner
    market.exchange.place(market.ask(owner, serial, 50), 0)
    market.desk.receive(market.participant(owner), Phase.OFFER, [Return(serial)], 0)
    assert market.column("violations", "code") == ["ticket_listed"]
