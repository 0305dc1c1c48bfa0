"""The table of trades: what each sale is written down as."""

from __future__ import annotations

import pytest

from chain.ticket import NEVER
from market.trades import TRADES

NAMES = [column.name for column in TRADES.columns]


def written(market, *names):
    """The last trade, some of its columns by name."""
    row = dict(zip(NAMES, market.records._tables["trades"]._rows[-1], strict=True))
    return tuple(row[name] for name in names) if names else row


def sell(market, title, kind="secondary"):
    market.trades.ticket_sold(kind, "book", title, 1, 2, 70, 5, auction=8, orders=(3, 4))


def test_a_sale_of_a_ticket_is_one_row(market):
    sell(market, market.titles.live[3])
    assert written(market) == {
        "trade": 0,
        "slot": 0,
        "ms": 5,
        "market": "secondary",
        "venue": "book",
        "timing": "ex_ante",
        "ticket": 3,
        "block": 3,
        "age": 0,
        "to_maturity": 3,
        "seller": 1,
        "buyer": 2,
        "price_gwei": 70,
        "auction": 8,
        "maker_order": 3,
        "taker_order": 4,
    }


def test_a_tickets_age_counts_from_its_first_session_and_its_maturity_counts_down(market):
    market.state.slot = 2
    sell(market, market.titles.live[3])
    assert written(market, "age", "to_maturity") == (2, 1)


def test_a_sale_after_the_draw_names_the_block_that_was_drawn(make_market):
    market = make_market(draw="lottery", maturity=9, lookahead=1).begin()
    drawn = market.titles.live[market.state.draws[1].ticket]
    sell(market, drawn)
    assert written(market, "timing", "block") == ("ex_post", 1)


def test_a_sale_before_the_draw_names_a_block_only_where_it_is_certain(make_market):
    market = make_market(draw="lottery", maturity=9).begin()
    title = market.titles.live[market.state.urn[0]]
    assert title.ticket.first_block < title.ticket.last_block
    sell(market, title)
    assert written(market, "timing", "block", "to_maturity") == ("ex_ante", None, title.ticket.last_block)


def test_a_ticket_that_never_expires_has_no_maturity(make_market):
    market = make_market(draw="lottery", maturity=None).begin()
    title = market.titles.live[market.state.urn[0]]
    assert title.ticket.last_block == NEVER
    sell(market, title)
    assert written(market, "block", "to_maturity") == (None, None)


@pytest.mark.parametrize(("kind", "last"), [("secondary", 70), ("primary", None)])
def test_the_last_price_is_that_of_a_resale(market, kind, last):
    sell(market, market.titles.live[3], kind)
    assert market.trades.last_price == last


def test_a_block_that_is_sold_just_in_time_is_the_present_one(market):
    market.trades.block_sold("second_price", 0, 1, 2, 70, 5, 8)
    names = ("market", "venue", "timing", "ticket", "block", "age", "to_maturity", "seller", "buyer", "price_gwei")
    assert written(market, *names) == ("block", "second_price", "ex_post", 0, 0, None, None, 1, 2, 70)
    assert written(market, "auction", "maker_order", "taker_order") == (8, None, None)


def test_building_that_is_sold_ahead_is_sold_by_the_tickets_owner(market):
    market.trades.building_sold("english", market.titles.live[1], 1, 3, 70, 5, 8)
    names = ("market", "venue", "timing", "ticket", "block", "seller", "buyer", "price_gwei", "auction")
    assert written(market, *names) == ("building", "english", "ex_post", 1, 1, 2, 3, 70, 8)


def test_trades_are_numbered(market):
    for _ in range(3):
        sell(market, market.titles.live[3])
    assert market.column("trades", "trade") == [0, 1, 2]
    assert market.trades.count == 3
