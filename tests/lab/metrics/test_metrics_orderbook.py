"""The order book over time, out of a table of orders made by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from experiments.lab.metrics.orderbook import depth, quoted, times_on_book, times_to_fill

ETH = 10**9
NAN = math.nan

COLUMNS = ["order", "side", "drawn", "series_block", "price", "slot", "ms", "end_slot", "end_ms", "outcome"]
ORDERS = pd.DataFrame(
    [
        # rows come in the order in which orders ended
        (3, "ask", False, 9, 2, 1, 100, 1, 100, "killed"),
        (4, "bid", False, 9, NAN, 1, 200, 1, 200, "filled"),  # a market order takes order 2
        (2, "ask", False, 9, 8, 0, 200, 1, 200, "filled"),
        (5, "ask", False, 9, 7, 1, 500, 1, 900, "cancelled"),  # came and went within slot 1
        (1, "ask", False, 9, 10, 0, 100, 3, 600, "withdrawn"),
        (6, "claim", False, 9, NAN, 2, 100, 2, 100, "claimed"),
        (0, "bid", False, 9, 4, 0, 100, 4, 0, "expired"),
        (7, "bid", True, 9, 6, 2, 0, NAN, NAN, "open"),  # another series: that ticket is drawn
        (8, "ask", True, 9, 9, 2, 0, NAN, NAN, "open"),
        (9, "bid", False, NAN, 1, 3, 0, NAN, NAN, "open"),  # a series without maturity
        (10, "bid", False, 9, 5, 2, 700, NAN, NAN, "open"),
    ],
    columns=COLUMNS,
).assign(price_gwei=lambda frame: frame.price * ETH)


def test_depth():
    found = depth(ORDERS, 6)
    assert found.bids.tolist() == [1, 1, 3, 4, 3, 3]
    assert found.asks.tolist() == [2, 1, 2, 1, 1, 1]


def test_spread():
    """Slot 0: 8 − 4; slot 1: 10 − 4; slot 2: 10 − 5 in one series and 9 − 6 in the other; then 9 − 6 alone."""
    found = quoted(ORDERS, 6)
    assert found.spread == pytest.approx([4, 6, 4, 3, 3, 3])
    middle = [4 / 6, 6 / 7, (5 / 7.5 + 3 / 7.5) / 2, 0.4, 0.4, 0.4]
    assert found.relative == pytest.approx(middle)


def test_an_empty_table():
    found = quoted(ORDERS[:0], 3)
    assert np.isnan(found.spread).all()
    assert len(found.relative) == 3
    assert depth(ORDERS[:0], 3).bids.tolist() == [0, 0, 0]


def test_one_side_has_no_spread():
    assert np.isnan(quoted(ORDERS[ORDERS.side == "bid"], 6).spread).all()


def test_both_sides_at_0():
    """An ask of 0 rests beside no bid above it; a bid of 0 may rest where asks are post-only."""
    orders = ORDERS[ORDERS.drawn].assign(price_gwei=0)
    assert quoted(orders, 3).relative[2] == 0


def test_time_on_the_book():
    times = dict(zip(ORDERS.order, times_on_book(ORDERS, slot_ms=1000), strict=True))
    rested = {number: time for number, time in times.items() if not math.isnan(time)}
    assert rested == pytest.approx({0: 3.9, 1: 3.5, 2: 1.0, 5: 0.4})
    filled = times_to_fill(ORDERS, slot_ms=1000)
    assert filled[~np.isnan(filled)] == pytest.approx([1.0])
    assert times_on_book(ORDERS[:3], slot_ms=1)[2] == 1
    with pytest.raises(ValueError, match="slot_ms is 0"):
        times_on_book(ORDERS, 0)
