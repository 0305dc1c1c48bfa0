"""The bidder of the published model: what it bids for its own ticket."""

from __future__ import annotations

import pytest

from market.capture import Capture
from market.view import TicketView
from strategies.buyers.capture_bidder import CaptureBidder
from tests.strategies.views import setup, view

OWN = TicketView(4, 13, 13, 13, False)
VALUE = 11_000 * 0.8  # a block to come, at the share that it makes
MONEY = 5000


@pytest.mark.parametrize(
    ("own_bid", "in_turn", "money", "reserve"),
    [
        ("as_sold", False, MONEY, VALUE),
        ("as_sold", True, MONEY, MONEY),
        ("as_sold", True, 10**6, VALUE),
        ("value", True, MONEY, VALUE),
        ("money", False, MONEY, MONEY),
    ],
)
def test_its_reserve_is_its_value_or_in_turn_no_more_than_its_money(own_bid, in_turn, money, reserve):
    bidder = CaptureBidder(margin=0.0, margin_sd=0.0, own_bid=own_bid)
    bidder.start(setup(in_turn=in_turn))
    seen = view(tickets=(OWN,), free_gwei=money, capture=Capture(0.8, 0.8))
    (sale,) = bidder.offer(seen)
    assert (sale.ticket, sale.reserve_gwei) == (4, reserve)
