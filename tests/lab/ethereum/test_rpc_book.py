"""A book that is kept from logs is the exchange's own."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from web3 import Web3
from web3.logs import DISCARD

from experiments import TestbedProvider
from market.contract.market_logs import NO_END

ETH = 10**18
GAS = 100_000
CONFIG: dict[str, Any] = {
    "blocks": 40,
    "seed": 3,
    "chain": {"draw": "lottery", "supply": 9, "maturity": 6, "return_haircut": 0.1},
    "agents": [
        {"strategy": "truthful", "role": "buyer", "count": 2},
        {"strategy": "market_maker", "role": "buyer"},
        {"strategy": {"seller": "undercut", "buyer": "truthful"}, "role": ["buyer", "seller"]},
    ],
}
EVENTS = ("OrderListed", "OrderBid", "OrderFilled", "OrderClosed")


class Bot:
    """Keeps a book from logs alone."""

    def __init__(self, market: Any) -> None:
        self.market = market
        self.orders: dict[int, tuple[Any, ...]] = {}
        self.reasons: set[str] = set()

    def read(self, logs: list[Any]) -> None:
        for log in logs:
            for name in EVENTS:
                (told,) = self.market.events[name]().process_receipt({"logs": [log]}, errors=DISCARD) or (None,)
                if told is not None:
                    getattr(self, name)(**told["args"])

    def OrderListed(self, order, maker, tokenId, drawn, seriesBlock, price):  # noqa: N802, N803
        self.orders[order] = (maker, tokenId, drawn, seriesBlock, price)

    def OrderBid(self, order, maker, drawn, seriesBlock, price):  # noqa: N802, N803
        self.orders[order] = (maker, None, drawn, seriesBlock, price)

    def OrderFilled(self, makerOrder, takerOrder, tokenId, price):  # noqa: N802, N803
        resting = self.orders.pop(makerOrder)
        assert resting[4] == price
        assert resting[1] in (tokenId, None)
        assert takerOrder not in self.orders

    def OrderClosed(self, order, maker, reason):  # noqa: N802
        self.reasons.add(reason)
        gone = self.orders.pop(order, None)
        assert (gone is None) == (reason == "killed")
        assert gone is None or gone[0] == maker


def own_book(provider):
    """The exchange's own."""
    exchange, accounts = provider.session.engine.market.exchange, provider.session.engine.state.accounts
    return {
        id: (
            Web3.to_checksum_address(accounts[entry.order.maker].address),
            entry.order.ticket,
            entry.order.series.drawn,
            entry.order.series.block,
            entry.order.price * 10**9,
        )
        for id, entry in exchange._live.items()
    }


def attached(config):
    """A run, its market and a bot that has read all so far."""
    provider = TestbedProvider(config, accounts=3, endowment_eth=100.0)
    market = Web3(provider).eth.contract(
        Web3.to_checksum_address(provider.market_address), abi=provider.market_abi
    )
    return provider, market, Bot(market)


def send(provider, market, who, name, *arguments):
    """Let an account send a transaction, whatever becomes of it."""
    account = provider.accounts[who]
    nonce = int(provider.make_request("eth_getTransactionCount", [account.address, "pending"])["result"], 16)
    fields = {"from": account.address, "nonce": nonce, "gas": GAS, "gasPrice": 0, "chainId": 1337}
    signed = account.sign_transaction(market.functions[name](*arguments).build_transaction(fields))
    return provider.make_request("eth_sendRawTransaction", [signed.raw_transaction])


def follow(provider, bot, seen):
    """Play a slot and let the bot read it. The next block to read."""
    provider.make_request("evm_mine", [])
    logs = Web3(provider).eth.get_logs({"fromBlock": seen, "address": bot.market.address})
    bot.read(logs)
    assert bot.orders == own_book(provider)
    return Web3(provider).eth.block_number + 1


PRICES = st.sampled_from([ETH // 100, ETH // 50, ETH // 20, ETH])
TICKETS = st.integers(0, 20)
ACTS = st.one_of(
    st.tuples(st.just("list"), TICKETS, PRICES),
    st.tuples(st.just("buy"), TICKETS, PRICES),
    st.tuples(st.just("bidInSale"), st.integers(0, 2), PRICES),
    st.tuples(st.just("cancel"), st.integers(0, 40)),
    st.tuples(st.just("giveBack"), TICKETS, st.just(0)),
    st.tuples(st.just("openAuction"), TICKETS, st.sampled_from([0, 1]), PRICES, st.integers(0, 2)),
)
HISTORIES = st.lists(st.lists(st.tuples(st.integers(0, 2), ACTS), max_size=5), max_size=12)


def play(history):
    provider, market, bot = attached(CONFIG)
    seen = 0
    for slot in history:
        for who, act in slot:
            send(provider, market, who, *act)
        seen = follow(provider, bot, seen)


@settings(max_examples=6, deadline=None)
@given(HISTORIES)
def test_a_bots_book_is_the_exchanges_after_any_history(history):
    play(history)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(HISTORIES)
def test_so_it_is_after_many(history):
    play(history)


def test_a_run_of_many_orders_is_told_with_all_their_ends():
    provider, market, bot = attached(CONFIG)
    seen = 0
    for slot in range(16):
        for who in range(3):
            send(provider, market, who, "bidInSale", 0, ETH)
            send(provider, market, who, "buy", slot, ETH // 100)
            send(provider, market, who, "list", slot - 2 if slot > 2 else 0, ETH)
        seen = follow(provider, bot, seen)
    assert {"expired", "withdrawn"} <= bot.reasons
    assert not bot.reasons & NO_END


@pytest.mark.parametrize(("format", "start"), [(2, 0), (3, ETH)])
def test_clocks_are_opened_from_outside(edge, format, start):
    anna = edge.provider.accounts[0]
    serial = edge.buy(anna)
    clock = edge.market.functions.openClock(serial, format, 10**9, start, ETH // 1000)
    receipt = edge.done(clock, anna)
    assert receipt.status == 1, receipt
    (opened,) = edge.market.events.AuctionOpened().process_receipt(receipt, errors=DISCARD)
    assert opened["args"]["tokenId"] == serial
    refused = edge.done(edge.market.functions.openClock(serial, 1, 0, 0, 1), anna)
    assert "sealed bids are for openAuction" in refused.revertReason


def test_a_ticket_is_given_back_from_outside(edge_with):
    edge = edge_with("chain.return_haircut=0.1", "chain.draw=lottery")
    anna = edge.provider.accounts[0]
    serial = edge.buy(anna)
    before = edge.web3.eth.get_balance(anna.address)
    receipt = edge.done(edge.market.functions.giveBack(serial, 0), anna)
    assert receipt.status == 1, receipt
    (burned,) = edge.tickets.events.Burned().process_receipt(receipt, errors=DISCARD)
    assert burned["args"]["tokenId"] == serial
    assert edge.web3.eth.get_balance(anna.address) > before


def test_the_abi_names_each_event_once():
    abi = json.loads(json.dumps(TestbedProvider(CONFIG).market_abi))
    names = [entry["name"] for entry in abi if entry["type"] == "event"]
    assert len(names) == len(set(names))
    assert set(EVENTS) < set(names)
