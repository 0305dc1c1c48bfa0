"""Orders in the book, from entry to settlement. Ticket 3 of account 1 is drawn for block 3 at slot 3."""

from __future__ import annotations

import pytest

from chain.protocol import process_empty_block
from chain.ticket import NEVER, Series

EXPIRY_3 = Series(False, 3)


def outcomes(market) -> list[tuple[int, str]]:
    return list(zip(market.column("orders", "order"), market.column("orders", "outcome"), strict=True))


def test_a_trade_is_at_the_resting_price_whoever_comes_first(market):
    market.exchange.place(market.ask(1, 3, 50), 0)
    market.exchange.place(market.bid(2, EXPIRY_3, 70), 7)
    assert (market.money(1), market.money(2)) == ((1050, 0), (950, 0))
    market.exchange.place(market.bid(3, EXPIRY_3, 80), 8)
    assert market.money(3) == (920, 80)
    market.exchange.place(market.ask(2, 3, 60), 9)
    assert (market.money(2), market.money(3)) == ((1030, 0), (920, 0))
    title = market.titles.live[3]
    assert (title.owner, title.nonce, title.listing) == (3, 3, None)
    assert market.trades.last_price == 80
    assert outcomes(market) == [(0, "filled"), (1, "filled"), (2, "filled"), (3, "filled")]
    assert market.column("trades", "maker_order") == [0, 2]
    assert market.column("trades", "taker_order") == [1, 3]
    assert market.column("orders", "end_ms") == [7, 7, 9, 9]


def test_orders_of_other_series_do_not_meet(market):
    market.exchange.place(market.ask(1, 3, 50), 0)
    for series in (Series(False, 2), Series(True, 3), Series(False, NEVER)):
        market.exchange.place(market.bid(2, series, 70), 0)
    assert market.money(2) == (790, 210)
    assert len(market.exchange.quotes()) == 4


@pytest.mark.parametrize("tif", ["ioc", "fok"])
def test_immediate_orders_do_not_rest(market, tif):
    market.exchange.place(market.bid(2, EXPIRY_3, 70, tif=tif), 0)
    market.exchange.place(market.ask(1, 3, 80, tif=tif), 0)
    assert market.exchange.own_orders(1) == market.exchange.own_orders(2) == ()
    assert market.titles.live[3].listing is None
    market.exchange.place(market.bid(2, EXPIRY_3, 70), 0)
    market.exchange.place(market.ask(1, 3, 70, tif=tif), 0)
    assert market.titles.live[3].owner == 2


def test_market_orders_take_the_best_price_or_die(market):
    market.exchange.place(market.ask(1, 3, None), 0)
    assert outcomes(market) == [(0, "killed")]
    for account, price in ((2, 40), (3, 45)):
        market.exchange.place(market.bid(account, EXPIRY_3, price), 0)
    market.exchange.place(market.ask(1, 3, None), 0)
    assert market.titles.live[3].owner == 3
    assert market.money(1) == (1045, 0)


def test_an_order_that_would_meet_ones_own_takes_it_out(market):
    market.exchange.place(market.ask(1, 3, 50), 0)
    market.exchange.place(market.bid(1, EXPIRY_3, 60), 0)
    assert outcomes(market) == [(0, "self_trade")]
    assert market.titles.live[3].listing is None
    assert market.money(1) == (940, 60)
    market.exchange.place(market.ask(1, 3, 60), 0)
    assert market.money(1) == (1000, 0)
    assert market.titles.live[3].listing == 2


def test_an_order_ends_with_its_last_slot_or_that_of_its_series(market):
    market.exchange.place(market.ask(1, 3, 90, valid_until=1), 0)
    market.exchange.place(market.bid(2, EXPIRY_3, 30), 0)
    market.exchange.place(market.bid(2, EXPIRY_3, 40, valid_until=0), 0)
    assert [order.until for order in market.exchange.own_orders(2)] == [3, 0]
    escrowed = []
    for _ in range(4):
        market.exchange.expire(12_000)
        escrowed.append((market.ledger.escrowed(2), market.titles.live[3].listing))
        market.withdraw_ending()
        process_empty_block(market.state)
        if market.state.slot < 3:
            market.open()
    assert escrowed == [(30, 0), (30, None), (30, None), (0, None)]
    assert outcomes(market) == [(2, "expired"), (0, "expired"), (1, "expired")]
    assert market.column("orders", "end_slot") == [0, 1, 3]
    assert market.exchange.quotes() == ()


def test_a_drawn_ticket_leaves_the_book_in_which_it_was_undrawn(make_market):
    market = make_market(lookahead=1).begin()
    market.exchange.place(market.ask(3, 2, 50), 0)
    process_empty_block(market.state)
    market.open()
    assert outcomes(market) == [(0, "withdrawn")]
    title = market.titles.live[2]
    assert (title.drawn_for, title.listing) == (2, None)
    market.exchange.place(market.ask(3, 2, 60), 0)
    market.exchange.place(market.bid(1, Series(True, 2), 60), 0)
    assert title.owner == 1
    assert market.column("trades", "timing") == ["ex_post"]


def test_what_is_still_open_at_the_end_is_written_down(market):
    market.exchange.place(market.ask(1, 3, 50), 4)
    market.exchange.place(market.bid(2, EXPIRY_3, 40), 5)
    market.exchange.close()
    assert outcomes(market) == [(0, "open"), (1, "open")]
    assert market.column("orders", "end_slot") == [None, None]
