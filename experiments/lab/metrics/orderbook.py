"""The order book over time, rebuilt from the table of orders: spread, depth, time on the book.

The book of a slot is what rests at its end, after the orders that expire with it are gone. Each series has its
own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from experiments.lab.metrics.averages import present
from experiments.lab.metrics.columns import Columns, Flags, Floats, Integers, having, numbers
from market.book import ASK, BID, Book

Series = tuple[bool, float]  # drawn or not, and its block


class Depth(NamedTuple):
    """Orders that rest at the end of slots 0, 1, …, all series together."""

    bids: Integers
    asks: Integers


class QuotedSpread(NamedTuple):
    """Mean over the series with a bid and an ask, at the end of slots 0, 1, …; NaN where there is no such
    series.
    """

    spread: Floats  # best ask − best bid, ETH
    relative: Floats  # spread / middle, a share


class Resting(NamedTuple):
    """An order that rests at the end of at least one slot."""

    number: int
    series: Series
    is_bid: bool
    price: int  # Gwei


def stays(orders: Columns) -> Flags:
    """Which orders, claims left out, rest at the end of the slot of their arrival."""
    ends = numbers(orders["end_slot"])
    return having(orders["side"], "bid", "ask") & ~(ends <= numbers(orders["slot"]))


def depth(orders: Columns, blocks: int) -> Depth:
    """The number of resting bids and asks over time."""
    bids, asks = (level(orders, stays(orders) & having(orders["side"], side), blocks) for side in ("bid", "ask"))
    return Depth(bids, asks)


def level(orders: Columns, chosen: Flags, blocks: int) -> Integers:
    """How many of the chosen orders rest at the end of each slot."""
    begins = np.maximum(numbers(orders["slot"])[chosen], 0).astype(int)
    ends = present(numbers(orders["end_slot"])[chosen]).astype(int)
    change = np.bincount(begins, minlength=blocks)[:blocks] - np.bincount(ends, minlength=blocks)[:blocks]
    return np.cumsum(change)


def quoted(orders: Columns, blocks: int) -> QuotedSpread:
    """The bid–ask spread over time."""
    coming, going = events(orders)
    books: defaultdict[Series, Book] = defaultdict(Book)
    spreads: dict[Series, tuple[float, float]] = {}
    moments = sorted({*coming, *going})
    rows = [(np.nan, np.nan)]
    for slot in moments:
        for order in going[slot]:
            books[order.series].remove(order.number)
        for order in coming[slot]:
            books[order.series].rest(order.number, 0, order.is_bid, order.price)
        requote(books, spreads, {order.series for order in (*going[slot], *coming[slot])})
        rows.append(mean_spread(spreads))
    latest = np.searchsorted(moments, np.arange(blocks), side="right")
    spread, relative = np.array(rows)[latest].T
    return QuotedSpread(spread, relative)


def mean_spread(spreads: dict[Series, tuple[float, float]]) -> tuple[float, float]:
    """The mean over series; NaN without any."""
    if not spreads:
        return np.nan, np.nan
    absolute, relative = zip(*spreads.values(), strict=True)
    return sum(absolute) / len(spreads), sum(relative) / len(spreads)


def requote(
    books: dict[Series, Book], spreads: dict[Series, tuple[float, float]], changed: Iterable[Series]
) -> None:
    """Look up the spread of the books that changed."""
    for series in changed:
        bid = books[series].best(BID)
        ask = books[series].best(ASK)
        if bid is None or ask is None:
            spreads.pop(series, None)
        else:
            spreads[series] = spread_of(bid, ask)
        if not books[series]:
            del books[series]


def spread_of(bid: float, ask: float) -> tuple[float, float]:
    """Best ask − best bid, both in Gwei: in ETH, and as a share of their middle (0 where both are 0)."""
    middle = (bid + ask) / 2
    relative = 0.0
    if middle:
        relative = (ask - bid) / middle
    return (ask - bid) / 1e9, relative


def events(orders: Columns) -> tuple[defaultdict[int, list[Resting]], defaultdict[int, list[Resting]]]:
    """The resting orders by the slot in which they came, and by that in which they went."""
    coming: defaultdict[int, list[Resting]] = defaultdict(list)
    going: defaultdict[int, list[Resting]] = defaultdict(list)
    chosen = stays(orders)
    names = ("order", "slot", "drawn", "series_block", "price_gwei", "end_slot")
    columns = [np.asarray(orders[name])[chosen] for name in names]
    columns[3] = np.where(np.isnan(numbers(columns[3])), np.inf, numbers(columns[3]))
    sides = having(orders["side"], "bid")[chosen]
    arrival = np.argsort(columns[0])
    for number, slot, drawn, block, price, end, is_bid in zip(
        *(column[arrival].tolist() for column in (*columns, sides)), strict=True
    ):
        order = Resting(int(number), (bool(drawn), block), is_bid, int(price))
        coming[max(int(slot), 0)].append(order)
        if end == end:
            going[int(end)].append(order)
    return coming, going


def times_on_book(orders: Columns, slot_ms: int = 12_000) -> Floats:
    """How long each order rested, slots; NaN for one that never did.

    Orders that are open at the end of the run have not had their time yet, and are left out (NaN) too; so are
    those that ended in the millisecond of their arrival, takers among them. Raises `ValueError` for a slot
    below 1 ms.
    """
    if slot_ms < 1:
        raise ValueError(f"slot_ms is {slot_ms}; it must be at least 1 ms")
    slots = numbers(orders["end_slot"]) - numbers(orders["slot"])
    times = slots + (numbers(orders["end_ms"]) - numbers(orders["ms"])) / slot_ms
    return np.where(having(orders["side"], "bid", "ask") & (times > 0), times, np.nan)


def times_to_fill(orders: Columns, slot_ms: int = 12_000) -> Floats:
    """The same for the orders that were filled; NaN for all others."""
    return np.where(having(orders["outcome"], "filled"), times_on_book(orders, slot_ms), np.nan)
