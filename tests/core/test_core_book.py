"""The book against a naive list of orders."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

import market.book as book_module
from market.book import ASK, BID, Book

PRICES = st.integers(1, 6)
ACCOUNTS = st.integers(0, 2)
SIDES = st.sampled_from([BID, ASK])


class BookMachine(RuleBasedStateMachine):
    """Each step is done to both; then both must look the same."""

    def __init__(self) -> None:
        super().__init__()
        self.book = Book()
        self.orders: list[tuple[int, int, bool, int]] = []  # in order of arrival
        self.next = 0

    def opposite(self, side: bool, price: int | None) -> list[tuple[int, int, bool, int]]:
        """The resting orders that an incoming one meets, best first, then oldest."""
        others = [
            o for o in self.orders if o[2] != side and (price is None or (o[3] <= price) == side or o[3] == price)
        ]
        return sorted(others, key=lambda o: (o[3] if side else -o[3], o[0]))

    @rule(account=ACCOUNTS, side=SIDES, price=st.none() | PRICES)
    def place(self, account: int, side: bool, price: int | None) -> None:
        assert self.book.crossed(side, price) == next((o[0] for o in self.opposite(side, price)), None)
        own, maker = [], None
        for order in self.opposite(side, price):
            self.orders.remove(order)
            if order[1] != account:
                maker = order[0]
                break
            own.append(order[0])
        assert self.book.take(account, side, price) == (maker, own or (() if maker is None and not own else []))
        if maker is None and price is not None:
            self.orders.append((self.next, account, side, price))
            self.book.rest(self.next, account, side, price)
        self.next += 1

    @precondition(lambda self: self.orders)
    @rule(pick=st.integers(0, 10**6))
    def remove(self, pick: int) -> None:
        order = self.orders.pop(pick % len(self.orders))
        assert self.book.price(order[0]) == order[3]
        self.book.remove(order[0])

    @rule()
    def remove_what_is_not_there(self) -> None:
        with pytest.raises(KeyError):
            self.book.remove(self.next)

    @invariant()
    def both_look_the_same(self) -> None:
        assert self.book.ids() == [order[0] for order in self.orders]
        assert len(self.book) == len(self.orders)
        for side in (BID, ASK):
            prices = sorted((o[3] for o in self.orders if o[2] == side), reverse=side)
            assert self.book.best(side) == (prices[0] if prices else None)
            assert self.book.depth(side) == [(p, prices.count(p)) for p in dict.fromkeys(prices)]


TestBook = BookMachine.TestCase
TestBook.settings = settings(max_examples=150, stateful_step_count=60, deadline=None)


class TestBookThatCompactsOften(BookMachine.TestCase):
    """The same with the levels written anew after every other removal."""

    settings = settings(max_examples=60, stateful_step_count=60, deadline=None)

    @pytest.fixture(autouse=True)
    def often(self, monkeypatch):
        monkeypatch.setattr(book_module, "HOLES", 2)
