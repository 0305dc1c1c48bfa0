"""What a participant can still bid, counted down from what it sees; bids in several auctions from one purse."""

from __future__ import annotations

import pytest

from chain.ticket import NEVER, Series
from market.intents import AuctionBid
from market.view import OrderView
from strategies.bidding import bids, next_expiries
from strategies.purse import Purse
from tests.strategies.views import auction, setup, view


def purse(gwei: int = 1000, room: int | None = None, collateral: int = 0) -> Purse:
    return Purse(view(free_gwei=gwei, room=room), setup(collateral_gwei=collateral))


def bid(price: int) -> OrderView:
    return OrderView(1, "bid", Series(False, 12), None, price, NEVER)


@pytest.mark.parametrize(
    ("gwei", "room", "collateral", "most"),
    [
        (1000, None, 0, 1000),
        (1000, None, 300, 700),
        (300, None, 300, 0),
        (299, None, 300, 0),
        (1000, 1, 300, 700),
        (1000, 0, 300, 0),
    ],
)
def test_the_most_that_can_be_bid_leaves_the_collateral_and_needs_room(gwei, room, collateral, most):
    assert purse(gwei, room, collateral).most == most


def test_a_bid_takes_its_price_what_it_costs_beside_and_the_collateral():
    mine = purse(1000, room=2, collateral=50)
    mine.pay(300, beside=20)
    assert (mine.gwei, mine.room, mine.most) == (1000 - 300 - 20 - 50, 1, 580)
    mine.pay(100)
    assert (mine.gwei, mine.room, mine.most) == (630 - 100 - 50, 0, 0)


def test_bids_taken_back_return_their_price_their_collateral_and_their_room():
    mine = purse(1000, room=1, collateral=50)
    mine.take_back([bid(300), bid(200)])
    assert (mine.gwei, mine.room) == (1000 + 300 + 200 + 2 * 50, 3)
    assert mine.most == 1600 - 50


def test_what_is_paid_and_taken_back_is_as_before():
    mine = purse(1000, room=1, collateral=50)
    mine.pay(300)
    mine.take_back([bid(300)])
    assert (mine.gwei, mine.room, mine.most) == (1000, 1, 950)


# Bids in auctions


def placed(*auctions, price=400, entry=0, **own):
    return [tuple(bid) for bid in bids(view(auctions, **own), auctions, lambda _: price, entry)]


def test_the_money_goes_to_the_auctions_in_their_order_and_the_last_bid_is_cut():
    assert placed(auction(1), auction(2), auction(3), auction(4)) == [(1, 400), (2, 400), (3, 200)]


def test_collateral_stands_beside_each_bid():
    lots = [auction(number, collateral=150) for number in (1, 2, 3)]
    assert placed(*lots) == [(1, 400), (2, 1000 - 550 - 150)]


def test_a_resale_costs_its_entry_and_the_protocols_sale_does_not():
    assert placed(auction(1), auction(2), price=500, entry=30) == [(1, 500), (2, 1000 - 530 - 30)]
    assert placed(auction(1, "primary"), auction(2, "primary"), price=500, entry=30) == [(1, 500), (2, 500)]


@pytest.mark.parametrize(("reserve", "expected"), [(400, [(1, 400)]), (401, [])])
def test_a_bid_reaches_the_reserve(reserve, expected):
    assert placed(auction(1, reserve=reserve)) == expected


def test_nobody_bids_nothing_nor_in_the_own_auction():
    assert placed(auction(1), price=0) == []
    assert placed(auction(1, seller=1), auction(2)) == [(2, 400)]
    assert placed(auction(1), free_gwei=0) == []


def test_room_limits_bids_for_tickets_and_not_for_blocks():
    lots = [auction(1), auction(2, "primary"), auction(3, "block")]
    assert placed(*lots, price=100, room=1) == [(1, 100), (3, 100)]
    assert placed(*lots, price=100, room=0) == [(3, 100)]
    assert placed(*lots, price=100, room=None) == [(1, 100), (2, 100), (3, 100)]
    assert isinstance(bids(view(), lots, lambda _: 1)[0], AuctionBid)


def test_the_next_expiries_are_half_a_life_ahead():
    assert next_expiries(view(), setup(maturity=8, lookahead=2), 3) == [Series(False, b) for b in (17, 18, 19)]
    assert next_expiries(view(), setup(maturity=None), 3) == [Series(False, NEVER)]
