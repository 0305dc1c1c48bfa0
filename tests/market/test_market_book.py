"""The book against a naive list of orders."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from market import book
from market.book import ASK, BID, HOLES, Book


@dataclass(eq=False)
class Order:
    id: int
    account: int
    side: bool
    price: int


class NaiveBook:
    """All resting orders in one list, oldest first."""

    def __init__(self) -> None:
        self.orders: list[Order] = []

    def of(self, side: bool) -> list[Order]:
        """One side, best price first, then oldest first."""
        mine = [order for order in self.orders if order.side == side]
        return sorted(mine, key=lambda order: -order.price if side == BID else order.price)

    def crossing(self, side: bool, price: int | None) -> list[Order]:
        """What an incoming order could fill against, best first."""
        others = self.of(not side)
        return [o for o in others if price is None or (o.price <= price if side == BID else o.price >= price)]

    def take(self, account: int, side: bool, price: int | None) -> tuple[int | None, list[int]]:
        own: list[int] = []
        for order in self.crossing(side, price):
            self.orders.remove(order)
            if order.account != account:
                return order.id, own
            own.append(order.id)
        return None, own

    def counterpart(self, account: int, side: bool, price: int | None) -> int | None:
        return next((order.id for order in self.crossing(side, price) if order.account != account), None)

    def depth(self, side: bool) -> list[tuple[int, int]]:
        prices = [order.price for order in self.of(side)]
        return [(price, prices.count(price)) for price in dict.fromkeys(prices)]


class Twins:
    """A book and its naive twin, to which the same is done."""

    def __init__(self) -> None:
        self.book, self.naive, self.count = Book(), NaiveBook(), 0

    def place(self, account: int, side: bool, price: int | None, rests: bool = True) -> None:
        """An order meets the other side; if it is left over, it may rest."""
        first = next((order.id for order in self.naive.crossing(side, price)), None)
        assert self.book.crossed(side, price) == first
        assert self.book.counterpart(account, side, price) == self.naive.counterpart(account, side, price)
        maker, own = self.book.take(account, side, price)
        assert (maker, list(own)) == self.naive.take(account, side, price)
        if maker is None and price is not None and rests:
            self.book.rest(self.count, account, side, price)
            self.naive.orders.append(Order(self.count, account, side, price))
        self.count += 1

    def remove(self, index: int) -> None:
        order = self.naive.orders.pop(index % len(self.naive.orders))
        self.book.remove(order.id)

    def check(self) -> None:
        naive = self.naive
        assert self.book.ids() == [order.id for order in naive.orders]
        assert len(self.book) == len(naive.orders)
        for side in (BID, ASK):
            assert self.book.depth(side) == naive.depth(side)
            assert self.book.best(side) == next((order.price for order in naive.of(side)), None)


prices = st.integers(0, 6)
accounts = st.integers(1, 3)


class Trading(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.twins = Twins()

    @rule(account=accounts, side=st.booleans(), price=st.none() | prices, rests=st.booleans())
    def place(self, account, side, price, rests):
        self.twins.place(account, side, price, rests)

    @rule(side=st.booleans(), more=st.lists(st.tuples(accounts, prices), max_size=6))
    def quote(self, side, more):
        """Orders that do not cross: bids of 0 … 6, asks from 7 on."""
        for account, price in more:
            if side == BID and self.twins.book.crossed(BID, price) is None:
                self.twins.place(account, BID, price)
            elif side == ASK:
                self.twins.place(account, ASK, 7 + price)

    @precondition(lambda self: self.twins.naive.orders)
    @rule(index=st.integers(0, 50))
    def remove(self, index):
        self.twins.remove(index)

    @rule(id=st.integers(-3, 200))
    def look(self, id):
        resting = {order.id: order.price for order in self.twins.naive.orders}
        assert (id in self.twins.book) == (id in resting)
        if id in resting:
            assert self.twins.book.price(id) == resting[id]
        else:
            with pytest.raises(KeyError):
                self.twins.book.remove(id)

    @invariant()
    def they_agree(self):
        self.twins.check()


@pytest.mark.parametrize("holes", [2, HOLES], ids=["compacted all the time", "as it is"])
def test_the_book_is_a_naive_list(holes, monkeypatch):
    monkeypatch.setattr(book, "HOLES", holes)
    run_state_machine_as_test(Trading, settings=settings(max_examples=60, stateful_step_count=40))


def test_a_long_day_with_compactions():
    """6,000 orders, cancels and market orders, with several times the removals that make a compaction."""
    rng, twins, removed = np.random.default_rng(3), Twins(), 0
    for step, (kind, account, side, price) in enumerate(rng.integers(0, [10, 4, 2, 30], (6000, 4)).tolist()):
        before = len(twins.book)
        if kind < 3 and twins.naive.orders:
            twins.remove(price * 7)
        else:
            twins.place(account, bool(side), None if kind == 9 else price + 10 * (not side))
        removed += max(before - len(twins.book), 0)
        if step % 100 == 0:
            twins.check()
    twins.check()
    assert removed > 2 * HOLES


def test_a_compacted_level_keeps_its_queue(monkeypatch):
    monkeypatch.setattr(book, "HOLES", 3)
    orders = Book()
    for id in range(8):
        orders.rest(id, 1, ASK, 10)
    for id in (0, 3, 4):
        orders.remove(id)
    orders.rest(8, 1, ASK, 10)
    assert [orders.take(2, BID, 10)[0] for _ in range(7)] == [1, 2, 5, 6, 7, 8, None]


# By hand


def test_price_then_time():
    orders = Book()
    for id, price in enumerate([12, 10, 11, 10]):
        orders.rest(id, 1, ASK, price)
    assert orders.best(ASK) == 10
    assert orders.depth(ASK) == [(10, 2), (11, 1), (12, 1)]
    assert [orders.take(2, BID, 11) for _ in range(4)] == [(1, []), (3, []), (2, []), (None, ())]


def test_ones_own_orders_that_would_be_met_first_are_taken_out():
    orders = Book()
    for id, (account, price) in enumerate([(1, 12), (2, 11), (1, 11), (3, 10), (1, 13)]):
        orders.rest(id, account, BID, price)
    assert orders.take(1, ASK, 11) == (1, [4, 0])
    assert orders.ids() == [2, 3]
    assert orders.take(1, ASK, 11) == (None, [2])
    assert orders.take(1, ASK, 11) == (None, ())
    assert orders.best(BID) == 10
