"""An order that is killed changes nothing else: not its maker's own orders, no money, no ticket.

A stateful test holds the exchange against a list of orders, with all kinds of orders of three accounts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from chain.errors import Refused
from chain.ticket import NEVER, Series
from market.time_in_force import TIFS

SERIES = Series(False, NEVER)
IMMEDIATE = ("ioc", "fok")


class Resting(NamedTuple):
    id: int
    account: int
    side: str
    price: int


class NaiveExchange:
    """The resting orders in one list, oldest first, and how those ended that did."""

    def __init__(self) -> None:
        self.orders: list[Resting] = []
        self.ended: dict[int, str] = {}
        self.count = 0

    def place(self, account: int, side: str, price: int, tif: str) -> str | None:
        """How the order ended, None where it rests."""
        id, self.count = self.count, self.count + 1
        met = self.met(side, price)
        if self.dies(account, met, tif):
            self.ended[id] = "killed"
            return "killed"
        for order in met:
            self.orders.remove(order)
            if order.account != account:
                self.ended[order.id] = self.ended[id] = "filled"
                return "filled"
            self.ended[order.id] = "self_trade"
        self.orders.append(Resting(id, account, side, price))
        return None

    def dies(self, account: int, met: list[Resting], tif: str) -> bool:
        if tif == "post_only":
            return bool(met)
        return tif in IMMEDIATE and all(order.account == account for order in met)

    def met(self, side: str, limit: int) -> list[Resting]:
        """What crosses the limit, best price first, then the oldest."""
        if side == "bid":
            return sorted((o for o in self.orders if o.side == "ask" and o.price <= limit), key=lambda o: o.price)
        return sorted((o for o in self.orders if o.side == "bid" and o.price >= limit), key=lambda o: -o.price)

    def of(self, account: int) -> list[tuple[int, str, int]]:
        return [(order.id, order.side, order.price) for order in self.orders if order.account == account]


class Trading(RuleBasedStateMachine):
    """The exchange beside the list; `make_market` is set by the fixture."""

    make_market: Callable[..., Any]

    @initialize()
    def begin(self):
        self.market = self.make_market("lottery", 9, None, money=60).begin()
        self.naive = NaiveExchange()
        self.naive.count = self.market.exchange._count
        self.past = len(self.market.column("orders", "order"))

    @rule(account=st.integers(1, 3), price=st.none() | st.integers(0, 6), tif=st.sampled_from([*TIFS]))
    def bid(self, account, price, tif):
        if price is None:
            tif = "ioc"
        self.place(account, "bid", self.market.bid(account, SERIES, price, tif=tif))

    @rule(
        account=st.integers(1, 3),
        price=st.none() | st.integers(0, 6),
        tif=st.sampled_from([*TIFS]),
        which=st.integers(0, 9),
    )
    def ask(self, account, price, tif, which):
        free = [s for s, t in self.market.titles.live.items() if t.owner == account and t.listing is None]
        free = [serial for serial in free if self.market.titles.live[serial].series == SERIES]
        if price is None:
            tif = "ioc"
        if free:
            order = self.market.ask(account, free[which % len(free)], price, tif=tif)
            self.place(account, "ask", order)

    def place(self, account, side, order):
        before = self.everything()
        try:
            self.market.exchange.place(order, 0)
        except Refused:
            assert self.everything() == before
            return
        if self.naive.place(account, side, order.price, order.tif) == "killed":
            assert self.everything() == before

    def everything(self):
        market, accounts = self.market, (1, 2, 3)
        titles = [(serial, t.owner, t.nonce, t.listing) for serial, t in market.titles.live.items()]
        orders = [market.exchange.own_orders(account) for account in accounts]
        return [market.money(account) for account in accounts], titles, orders, market.exchange.quotes()

    @invariant()
    def they_agree(self):
        for account in (1, 2, 3):
            own = self.market.exchange.own_orders(account)
            assert [(o.id, o.side, o.price_gwei) for o in own] == self.naive.of(account)
        ids, outcomes = (self.market.column("orders", name)[self.past :] for name in ("order", "outcome"))
        assert dict(zip(ids, outcomes, strict=True)) == self.naive.ended


@pytest.fixture
def trading(make_market):
    return type("Trading", (Trading,), {"make_market": staticmethod(make_market)})


def test_the_exchange_is_a_list_of_orders(trading):
    run_state_machine_as_test(trading, settings=settings(max_examples=40, stateful_step_count=30))


@pytest.mark.parametrize(("price", "tif"), [(70, "fok"), (70, "ioc"), (None, "ioc"), (None, "fok")])
def test_a_killed_bid_leaves_its_maker_s_ask(market, price, tif):
    market.exchange.place(market.ask(1, 3, 50), 0)
    market.exchange.place(market.bid(1, Series(False, 3), price, tif=tif), 1)
    assert [order.id for order in market.exchange.own_orders(1)] == [0]
    assert market.titles.live[3].listing == 0
    assert market.column("orders", "outcome") == ["killed"]


@pytest.mark.parametrize(("price", "tif"), [(30, "fok"), (30, "ioc"), (None, "fok"), (None, "ioc")])
def test_a_killed_ask_leaves_its_maker_s_bid(market, price, tif):
    market.exchange.place(market.bid(1, Series(False, 3), 40), 0)
    market.exchange.place(market.ask(1, 3, price, tif=tif), 1)
    assert market.money(1) == (960, 40)
    assert market.column("orders", "outcome") == ["killed"]


def test_one_that_fills_still_takes_its_maker_s_own_out_of_its_way(market):
    market.exchange.place(market.bid(1, Series(False, 3), 40), 0)
    market.exchange.place(market.bid(2, Series(False, 3), 35), 1)
    market.exchange.place(market.ask(1, 3, 30, tif="fok"), 2)
    assert market.column("orders", "outcome") == ["self_trade", "filled", "filled"]
    assert (market.titles.live[3].owner, market.money(1)) == (2, (1035, 0))
