"""The exchange alone on a machine: messages with any terms that can be signed, and what is said of each."""

from __future__ import annotations

from typing import Any

import pytest

from chain.eip712 import Domain, StructType
from chain.evm.abi import Tail, encode
from chain.evm.bytecode import EXCHANGE, read_contract
from chain.evm.machine import Reverted
from chain.evm.ticket_contract import selectors
from chain.rules import draw_rule
from chain.signatures import Key
from chain.state import Rules
from chain.ticket import NEVER
from market.messages import BID, LISTING, ORDER
from tests.chain.evm.test_deployment import NAMES, NOBODY, OUTSIDER, PROTOCOL, Deployed

SELLER, BUYER = Key.derive(b"\x11" * 32), Key.derive(b"\x12" * 32)
MOST, MONEY = 2**63 - 1, 1_000
RULES = Rules(9, None, 0, draw_rule("lottery"), haircut=0.0)
OF_THE_EXCHANGE = dict(selectors(read_contract(EXCHANGE).abi))
Message = tuple[tuple[Any, ...], Tail]


class Market(Deployed):
    """A lottery of nine tickets, in slot 0: all are the seller's, one of them is drawn. Both have money."""

    def __init__(self, **rules: Any) -> None:
        super().__init__(
            RULES._replace(**{name: rules.pop(name) for name in list(rules) if name in RULES._fields}), **rules
        )
        self.exchange = self.call("exchange", OUTSIDER)[12:]
        self.nonce = 0
        self.machine.give(BUYER.address)
        self.call("mint", PROTOCOL, 9)
        for account in (SELLER, BUYER):
            self.call("deposit", OUTSIDER, account.address, value=MONEY * 10**9)
        for serial in range(9):
            self.call("handOut", PROTOCOL, serial, SELLER.address, 0, Tail.of_bytes(b""))
        self.call("openSlot", PROTOCOL)
        titles = {serial: self.call("titleOf", OUTSIDER, serial) for serial in range(9)}
        self.undrawn = next(serial for serial, title in titles.items() if not any(title[64:96]))
        self.drawn = next(serial for serial, title in titles.items() if any(title[64:96]))

    def sign(self, key: Key, kind: StructType, terms: dict[str, Any], changes: dict[str, Any]) -> Message:
        self.nonce += 1
        values = tuple((terms | {"nonce": self.nonce} | changes).values())
        return values, Tail.of_bytes(key.sign(Domain(1, self.address).digest(kind, values)))

    def order(self, key: Key, side: int, changes: dict[str, Any]) -> Message:
        terms = {"maker": key.address, "taker": NOBODY, "side": side, "timeInForce": 0, "drawn": False}
        terms |= {"seriesBlock": NEVER, "ticket": NEVER, "transferNonce": 1, "price": 60}
        return self.sign(key, ORDER, terms | {"validFrom": 0, "validUntil": NEVER}, changes)

    def ask(self, **changes: Any) -> Message:
        return self.order(SELLER, 1, {"ticket": self.undrawn, "price": 50} | changes)

    def bid(self, **changes: Any) -> Message:
        return self.order(BUYER, 0, changes)

    def own_bid(self, **changes: Any) -> Message:
        """A bid of the seller's."""
        return self.order(SELLER, 0, changes)

    def listing(self, **changes: Any) -> Message:
        terms = {"seller": SELLER.address, "sells": 0, "format": 0, "ticket": self.undrawn, "transferNonce": 1}
        terms |= {"block": NEVER, "reserve": 50, "start": 0, "tick": 1, "deadline": 0}
        return self.sign(SELLER, LISTING, terms, changes)

    def offer(self, sale: Message, **changes: Any) -> Message:
        """A bid for a listing."""
        offered = LISTING.hash_struct(sale[0])
        terms = {"bidder": BUYER.address, "auction": 7, "listing": offered, "price": 60, "validUntil": 1}
        return self.sign(BUYER, BID, terms, changes)

    def says(self, name: str, *arguments: object, caller: bytes = PROTOCOL) -> str | None:
        """With which reason the exchange, or the ticket contract, refuses a call, if it does; nothing is kept."""
        to = self.exchange if name in OF_THE_EXCHANGE else self.address
        before = self.machine._evm.snapshot()
        try:
            self.machine.call(caller, to, NAMES[name] + encode(arguments))
        except Reverted as reverted:
            return str(reverted)
        finally:
            self.machine._evm.revert(before)
        return None

    def settle(self, maker: Message, taker: Message, caller: bytes = PROTOCOL) -> str | None:
        return self.says("settle", *maker, *taker, caller=caller)

    def award(self, listing: Message, bid: Message, price: int = 55) -> str | None:
        return self.says("award", *listing, *bid, price)


@pytest.fixture(scope="module")
def market() -> Market:
    return Market()


BAD_ORDERS = [
    ({"taker": OUTSIDER}, "bad_terms"),
    ({"side": 2}, "bad_terms"),
    ({"side": 3}, "bad_terms"),
    ({"timeInForce": 4}, "bad_terms"),
    ({"price": MOST + 1}, "bad_amount"),
    ({"validUntil": MOST + 1}, "bad_terms"),
    ({"seriesBlock": MOST + 1}, "bad_terms"),
    ({"validFrom": 1}, "order_expired"),
    ({"timeInForce": 4, "price": MOST + 1}, "bad_terms"),
    ({"price": MOST + 1, "validFrom": 1}, "bad_amount"),
    ({"price": MOST + 1, "validUntil": MOST + 1}, "bad_amount"),
    ({"validUntil": MOST + 1, "validFrom": 1}, "bad_terms"),
    ({"seriesBlock": MOST + 1, "validFrom": 1}, "bad_terms"),
]


@pytest.mark.parametrize(("change", "reason"), BAD_ORDERS)
def test_terms_that_no_order_may_have_are_refused_and_the_first_fault_is_told(market, change, reason):
    assert market.settle(market.ask(**change), market.bid()) == reason
    assert market.settle(market.ask(), market.bid(**change)) == reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, None),
        ({"validUntil": 0}, None),
        ({"validUntil": MOST}, None),
        ({"seriesBlock": MOST}, "not_crossed"),
        ({"seriesBlock": 5}, "not_crossed"),
        ({"drawn": True}, "not_crossed"),
        ({"price": 50}, None),
        ({"price": 49}, "not_crossed"),
        ({"price": MONEY}, None),
        ({"price": MONEY + 1}, "insufficient_funds"),
        ({"price": MOST}, "insufficient_funds"),
        ({"ticket": 0}, "bad_terms"),
        ({"ticket": 0, "price": MOST + 1}, "bad_amount"),
        ({"ticket": 0, "validFrom": 1}, "bad_terms"),
        ({"timeInForce": 1}, None),
        ({"timeInForce": 2}, None),
        ({"timeInForce": 3}, "not_crossed"),
    ],
)
def test_what_a_bid_may_say(market, change, reason):
    assert market.settle(market.ask(), market.bid(**change)) == reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"price": 60}, None),
        ({"price": 61}, "not_crossed"),
        ({"price": MOST}, "not_crossed"),
        ({"ticket": NEVER}, "bad_terms"),
        ({"ticket": 77}, "unknown_ticket"),
        ({"transferNonce": 2}, "ticket_moved"),
        ({"transferNonce": 0}, "ticket_moved"),
        ({"transferNonce": 0, "validFrom": 1}, "order_expired"),
        ({"drawn": True}, "bad_terms"),
        ({"seriesBlock": 5}, "bad_terms"),
        ({"timeInForce": 1}, "not_crossed"),
        ({"timeInForce": 2}, "not_crossed"),
        ({"timeInForce": 3}, None),
    ],
)
def test_what_an_ask_may_say(market, change, reason):
    assert market.settle(market.ask(**change), market.bid()) == reason


def test_of_two_sides_only(market):
    """Two bids have no ticket, two asks two."""
    low, high = market.bid(price=50), market.own_bid()
    assert market.settle(low, high) == market.settle(high, low) == "not_crossed"
    another = next(serial for serial in range(9) if serial not in (market.undrawn, market.drawn))
    assert market.settle(market.ask(), market.ask(ticket=another, price=60)) == "not_crossed"
    assert market.settle(market.ask(), market.own_bid()) == "not_crossed"


def test_a_drawn_ticket_is_of_a_series_of_its_own(market):
    drawn = {"ticket": market.drawn, "drawn": True, "seriesBlock": 0}
    assert market.settle(market.ask(**drawn), market.bid(drawn=True, seriesBlock=0)) is None
    assert market.settle(market.ask(**drawn), market.bid(drawn=True, seriesBlock=1)) == "not_crossed"
    assert (
        market.settle(market.ask(**drawn | {"seriesBlock": 1}), market.bid(drawn=True, seriesBlock=1))
        == "bad_terms"
    )
    assert market.settle(market.ask(**drawn | {"drawn": False}), market.bid()) == "bad_terms"


@pytest.mark.parametrize(("closed", "is_drawn"), [("exAnte", False), ("exPost", True)])
def test_what_may_not_be_resold_is_neither_asked_nor_bid_for(closed, is_drawn):
    market = Market(**{closed: False})
    series = {"drawn": is_drawn, "seriesBlock": 0 if is_drawn else NEVER}
    other = {"drawn": not is_drawn, "seriesBlock": NEVER if is_drawn else 0}
    serial = market.drawn if is_drawn else market.undrawn
    bid = market.bid(**series, price=MOST)
    assert market.settle(market.ask(ticket=serial, **series), bid) == "resale_closed"
    assert market.settle(bid, market.ask()) == "bad_terms"
    fine = market.drawn if not is_drawn else market.undrawn
    assert market.settle(market.ask(ticket=fine, **other), market.bid(**other)) is None
    assert market.award(market.listing(ticket=serial), market.offer(market.listing())) == "resale_closed"


def test_who_has_no_room_may_not_bid_and_too_little_money_is_told_first():
    market = Market(owner_cap=9)
    mine = {"maker": SELLER.address}
    assert market.settle(market.own_bid(), market.ask()) == "cap_exceeded"
    assert market.settle(market.own_bid(price=MONEY + 1), market.ask()) == "insufficient_funds"
    assert market.settle(market.bid(**mine), market.ask()) == "bad_signature"
    listing = market.listing()
    assert market.award(listing, market.offer(listing, bidder=SELLER.address)) == "self_dealing"


def test_a_nonce_is_used_once_and_a_bit_of_a_word_says_so():
    used = Market()
    for nonce in (0, 255, 256, 300):
        message = (used.ask(nonce=nonce), used.bid(nonce=nonce))
        assert used.settle(*message) is None
        used.machine.call(
            BUYER.address, used.exchange, NAMES["invalidateNonces"] + encode((nonce >> 8, 1 << nonce % 256))
        )
        assert used.settle(*message) == "nonce_used"
        (words, _), bent = used.bid(nonce=nonce), Tail.of_bytes(bytes(65))
        assert used.settle(used.ask(), (words, bent)) == "nonce_used"
    asked = {
        nonce: is_used(used, BUYER.address, nonce) for nonce in (0, 1, 254, 255, 256, 257, 299, 300, 301, 556)
    }
    assert [nonce for nonce, answer in asked.items() if answer] == [0, 255, 256, 300]
    assert not is_used(used, SELLER.address, 0)
    used.machine.call(BUYER.address, used.exchange, NAMES["invalidateNonces"] + encode((1, 1 | 1 << 7)))
    assert [is_used(used, BUYER.address, nonce) for nonce in (256, 263, 264)] == [True, True, False]


def is_used(market: Market, account: bytes, nonce: int) -> bool:
    answer = market.machine.call(OUTSIDER, market.exchange, NAMES["isNonceUsed"] + encode((account, nonce)))
    return bool(int.from_bytes(answer, "big"))


def test_the_exchange_is_of_the_ticket_contract(market):
    assert market.machine.call(OUTSIDER, market.exchange, NAMES["tickets"])[12:] == market.address


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, None),
        ({"price": MOST}, "return_refused"),
        ({"price": MOST + 1}, "bad_amount"),
        ({"side": 1}, "bad_terms"),
        ({"side": 4}, "bad_terms"),
        ({"timeInForce": 1}, "bad_terms"),
        ({"taker": OUTSIDER}, "bad_terms"),
        ({"side": 1, "price": MOST + 1}, "bad_terms"),
        ({"price": MOST + 1, "validFrom": 1}, "bad_amount"),
        ({"validFrom": 1, "transferNonce": 0}, "order_expired"),
        ({"validFrom": 1, "ticket": NEVER}, "order_expired"),
        ({"transferNonce": 0}, "ticket_moved"),
    ],
)
def test_what_a_return_may_say(market, change, reason):
    order = market.order(SELLER, 3, {"ticket": market.undrawn, "price": 0} | change)
    assert market.says("giveBack", *order, caller=OUTSIDER) == reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, None),
        ({"format": 3}, "bad_terms"),
        ({"format": 3, "start": 50}, None),
        ({"format": 3, "start": 1, "reserve": 0}, None),
        ({"format": 3, "start": 0, "reserve": 0}, "bad_terms"),
        ({"format": 2}, None),
        ({"format": 4}, "bad_terms"),
        ({"format": 4, "tick": 0}, "bad_terms"),
        ({"format": 4, "reserve": MOST + 1}, "bad_terms"),
        ({"tick": 0}, "bad_amount"),
        ({"format": 3, "tick": 0}, "bad_amount"),
        ({"tick": MOST, "start": MOST}, None),
        ({"tick": MOST + 1}, "bad_amount"),
        ({"start": MOST + 1}, "bad_amount"),
        ({"reserve": MOST + 1}, "bad_amount"),
        ({"reserve": MOST}, "bid_too_low"),
        ({"deadline": MOST}, "order_expired"),
        ({"deadline": MOST + 1}, "bad_terms"),
        ({"deadline": MOST + 1, "transferNonce": 0}, "bad_terms"),
        ({"sells": 1}, "bad_terms"),
        ({"block": 5}, "bad_terms"),
        ({"ticket": NEVER}, "bad_terms"),
        ({"transferNonce": 0}, "ticket_moved"),
        ({"seller": BUYER.address}, "not_owner"),
    ],
)
def test_what_a_listing_may_say(market, change, reason):
    listing = market.listing(**change)
    assert market.award(listing, market.offer(listing)) == reason


@pytest.mark.parametrize(
    ("change", "price", "reason"),
    [
        ({}, 60, None),
        ({}, 50, None),
        ({}, 61, "bid_too_low"),
        ({}, 49, "bid_too_low"),
        ({"price": 49}, 49, "bid_too_low"),
        ({"price": MONEY}, 55, None),
        ({"price": MONEY + 1}, 55, "insufficient_funds"),
        ({"price": MOST}, 55, "insufficient_funds"),
        ({"price": MOST + 1}, 55, "bad_amount"),
        ({"listing": bytes(32)}, 55, "bad_terms"),
        ({"listing": bytes(32)}, 49, "bad_terms"),
        ({"validUntil": 0}, 55, "order_expired"),
        ({"validUntil": MOST}, 55, None),
        ({"validUntil": MOST + 1}, 55, "order_expired"),
        ({"listing": bytes(32), "validUntil": 0}, 55, "bad_terms"),
        ({"validUntil": 0, "price": MOST + 1}, 55, "order_expired"),
        ({"price": 49, "bidder": SELLER.address}, 55, "bid_too_low"),
        ({"bidder": SELLER.address}, 55, "self_dealing"),
        ({"bidder": OUTSIDER}, 55, "bad_signature"),
        ({"price": MOST + 1}, MOST + 2, "bad_amount"),
    ],
)
def test_what_a_bid_in_an_auction_may_say(market, change, price, reason):
    listing = market.listing()
    assert market.award(listing, market.offer(listing, **change), price) == reason


def test_an_auction_is_settled_in_the_slot_of_its_deadline_or_the_next():
    market = Market()
    listing, later = market.listing(), market.listing(deadline=1)
    assert market.award(later, market.offer(later, validUntil=2)) == "auction_open"
    bid = market.offer(listing)
    for reason in (None, None, "auction_closed"):
        assert market.award(listing, bid) == reason
        market.call("leaveEmpty", PROTOCOL)
        market.call("mint", PROTOCOL, 1)
        market.call("openSlot", PROTOCOL)


def test_nobody_but_the_protocol_sells_for_others(market):
    listing = market.listing()
    assert market.says("award", *listing, *market.offer(listing), 55, caller=OUTSIDER) == "not_protocol"
    wrong = market.listing(tick=0)
    assert market.says("award", *wrong, *market.offer(wrong), 55, caller=OUTSIDER) == "not_protocol"
    assert market.settle(market.ask(), market.bid(), caller=OUTSIDER) == "not_protocol"
    assert market.settle(market.ask(), market.bid(timeInForce=1), caller=OUTSIDER) is None
    assert market.settle(market.ask(timeInForce=3), market.bid(), caller=OUTSIDER) is None
