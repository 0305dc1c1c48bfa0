"""Ledger, titles, protocol and markets keep their laws under random operations, valid and invalid; a refused
operation changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from chain.errors import Refused
from chain.ledger import BURNED, ENDOWMENTS, REFUNDS, REWARDS, SPENT
from chain.protocol import (
    Proposal,
    get_expiring,
    get_right,
    process_claim,
    process_draw,
    process_empty_block,
    process_expiry,
    process_first_draws,
    process_late_draw,
    process_mint,
    process_proposal,
    process_slot,
)
from chain.transfer import TRANSFER, Transfer, process_transfer, transfer_values
from market.auctions import Terms
from market.messages import Listing, Order, SignedBid
from market.primary import second_price

AGENTS = st.integers(1, 3)
SERIALS = st.integers(0, 14)
PRICES = st.integers(0, 6_000)
RULES = [
    {"draw": "maturity", "supply": 5, "maturity": 4},
    {"draw": "maturity", "supply": 5, "maturity": 4, "lookahead": 2},
    {"draw": "lottery", "supply": 6, "maturity": 3, "refund": 0.5},
    {"draw": "lottery", "supply": 6, "maturity": None, "lookahead": 2},
    {"draw": "claim", "supply": 4, "maturity": 3, "refund": 1.0},
    {"draw": "claim", "supply": 4, "maturity": 3, "unclaimed": "empty", "lookahead": 1},
]
build: Any = None


@pytest.fixture(autouse=True, scope="module")
def worlds(make_world):
    global build
    build = make_world


class Conservation(RuleBasedStateMachine):
    """Operations are tried on one world; each is either taken whole or refused whole."""

    @initialize(rules=st.sampled_from(RULES))
    def begin(self, rules: dict[str, Any]) -> None:
        self.world = build(**rules, signed=False)
        self.state = self.world.state
        process_first_draws(self.state)
        process_draw_once(self.state, self.world)

    def attempt(self, operation) -> None:
        before = self.snapshot()
        try:
            operation()
        except Refused:
            assert self.snapshot() == before

    def snapshot(self) -> Any:
        """All that an operation could change."""
        state, world = self.state, self.world
        titles = {
            serial: (title.owner, title.nonce, title.listing, title.drawn_for, title.price_gwei)
            for serial, title in state.titles.live.items()
        }
        books = {
            series: (book.ids(), book.depth(True), book.depth(False))
            for series, book in world.exchange._books.items()
            if book
        }
        auctions = {id: (list(a.bids.items()), a.deadline) for id, a in world.house.open.items()}
        nonces = [(n._floor, dict(n._words)) for n in world.gate._nonces]
        claims = {block: dict(claims) for block, claims in state.claims.items() if claims}
        tables = [len(table._rows) for table in (state.ledger._rows, world.house._bids, world.exchange._rows)]
        return (
            list(state.ledger._pots),
            titles,
            books,
            repr(auctions),
            nonces,
            claims,
            list(state.urn),
            dict(state.draws),
            tables,
        )

    def nonce_of(self, serial: int, shift: int) -> int:
        title = self.state.titles.live.get(serial)
        return max((title.nonce if title else 0) + shift, 0)

    @rule(
        account=AGENTS,
        serial=SERIALS,
        price=st.none() | PRICES,
        tif=st.sampled_from(["gtc", "ioc", "post_only"]),
        shift=st.sampled_from([0, 0, 0, -1]),
    )
    def ask(self, account, serial, price, tif, shift) -> None:
        title = self.state.titles.live.get(serial) or next(iter(self.state.titles.live.values()))
        terms = ("ask", tif, title.series, serial, self.nonce_of(serial, shift), price, self.state.slot, 2**63)
        order = Order(account, *terms, self.world.wallets[account].next_nonce())
        self.attempt(lambda: self.world.exchange.place(order, 0))

    @rule(
        account=AGENTS,
        serial=SERIALS,
        price=st.none() | PRICES,
        tif=st.sampled_from(["gtc", "fok", "post_only"]),
        life=st.integers(-1, 3),
    )
    def bid_in_book(self, account, serial, price, tif, life) -> None:
        title = self.state.titles.live.get(serial) or next(iter(self.state.titles.live.values()))
        until = self.state.slot + life
        terms = ("bid", tif, title.series, None, 0, price, self.state.slot, max(until, 0))
        order = Order(account, *terms, self.world.wallets[account].next_nonce())
        self.attempt(lambda: self.world.exchange.place(order, 0))

    @rule(account=AGENTS, order=st.integers(0, 30))
    def cancel(self, account, order) -> None:
        self.attempt(lambda: self.world.exchange.cancel(account, order, 0))

    @rule(
        account=AGENTS,
        serial=SERIALS,
        format=st.sampled_from(["first_price", "english", "vickrey"]),
        reserve=PRICES,
        slots=st.integers(0, 2),
    )
    def open_sale(self, account, serial, format, reserve, slots) -> None:
        terms = (format, serial, self.nonce_of(serial, 0), None, reserve, 0, 1, self.state.slot + slots)
        listing = Listing(account, *terms, self.world.wallets[account].next_nonce())
        self.attempt(lambda: self.world.house.open_sale(listing, 0))

    @rule(account=AGENTS, auction=st.integers(0, 12), price=PRICES, repeat=st.booleans())
    def bid(self, account, auction, price, repeat) -> None:
        bid = SignedBid(account, auction, price, self.world.wallets[account].next_nonce())
        self.attempt(lambda: self.world.house.enter(bid, 0))
        if repeat:
            self.attempt(lambda: self.world.house.enter(bid, 0))

    @rule(giver=AGENTS, taker=AGENTS, serial=SERIALS)
    def transfer(self, giver, taker, serial) -> None:
        transfer = Transfer(giver, taker, serial, self.nonce_of(serial, 0))
        values = transfer_values(self.state, transfer)
        assert self.state.signatures.sign(self.state.accounts[giver].key, TRANSFER, values) == b""
        self.attempt(lambda: process_transfer(self.state, transfer))

    @rule(account=AGENTS, serial=SERIALS, ahead=st.integers(-1, 5))
    def claim(self, account, serial, ahead) -> None:
        nonce = self.nonce_of(serial, 0)
        self.attempt(lambda: process_claim(self.state, account, serial, nonce, self.state.slot + ahead))

    @rule(account=AGENTS, reward=st.integers(0, 500))
    def propose_out_of_turn(self, account, reward) -> None:
        right = get_right(self.state)
        if right is None or right.proposer != account:
            self.attempt(
                lambda: process_proposal(self.state, Proposal(self.state.slot, account, 0, 0, account), reward)
            )

    @rule(missed=st.booleans(), reward=st.integers(0, 500), bids=st.lists(st.tuples(AGENTS, PRICES), max_size=4))
    def finish_slot(self, missed, reward, bids) -> None:
        """The rest of the slot, as the driver does it, and the draw of the next."""
        state, world = self.state, self.world
        process_draw_once(state, world)
        world.house.clear_sales(0)
        process_late_draw(state)
        self.withdraw_drawn()
        for title in get_expiring(state):
            self.withdraw(title)
        drawn = state.draws[state.slot].ticket
        if drawn is not None:
            self.withdraw(state.titles.live[drawn])
        right = get_right(state)
        if right is None or missed:
            process_empty_block(state)
        else:
            nonce = state.titles.live[right.ticket].nonce
            process_proposal(
                state, Proposal(state.slot, right.proposer, right.ticket, nonce, right.proposer), reward
            )
        process_expiry(state)
        process_mint(state)
        lots = [
            world.house.offer_lot(t, "second_price", Terms(0))
            for t in state.titles.holdings[0].values()
            if t.drawn_for is None
        ]
        for account, price in bids:
            for lot in lots:
                bid = SignedBid(account, lot.id, price, world.wallets[account].next_nonce())
                self.attempt(lambda bid=bid: world.house.enter(bid, 0))
        world.house.clear_lots(second_price, 0)
        world.exchange.expire(0)
        assert len(state.titles.live) == state.rules.supply
        if state.rules.draw.late is None:
            assert len(state.urn) == state.rules.supply - state.rules.lookahead
        process_slot(state)
        process_draw_once(state, world)

    def withdraw_drawn(self) -> None:
        drawn = self.state.draws[self.state.slot + self.state.rules.lookahead].ticket
        if drawn is not None:
            self.withdraw(self.state.titles.live[drawn])

    def withdraw(self, title) -> None:
        self.world.exchange.withdraw(title, 0)
        self.world.house.withdraw(title)

    @invariant()
    def tickets_are_conserved(self) -> None:
        titles = self.state.titles
        assert titles.minted == len(titles.live) + titles.burned
        assert self.state.urn == sorted(s for s, t in titles.live.items() if t.drawn_for is None)
        for account, held in enumerate(titles.holdings):
            assert set(held) == {s for s, t in titles.live.items() if t.owner == account}
        assert titles.squares == sum(len(held) ** 2 for held in titles.holdings[1:])

    @invariant()
    def money_is_conserved(self) -> None:
        ledger, accounts = self.state.ledger, range(len(self.state.accounts))
        free, escrow = sum(map(ledger.free, accounts)), sum(map(ledger.escrowed, accounts))
        sources = sum(map(ledger.total, (ENDOWMENTS, REWARDS, REFUNDS)))
        assert free + escrow + ledger.total(BURNED) + ledger.total(SPENT) == sources
        assert min(map(ledger.free, accounts)) >= 0

    @invariant()
    def escrow_is_what_stands(self) -> None:
        standing = [0] * len(self.state.accounts)
        for entry in self.world.exchange._live.values():
            if entry.order.side == "bid":
                standing[entry.order.maker] += entry.order.price
        for auction in self.world.house.open.values():
            for bidder, bid in auction.bids.items():
                standing[bidder] += bid.bid.price
        assert standing == [self.state.ledger.escrowed(account) for account in range(len(standing))]

    @invariant()
    def a_listed_ticket_stands_in_one_place(self) -> None:
        asks = [e.order.ticket for e in self.world.exchange._live.values() if e.order.side == "ask"]
        sales = [a.serial for a in self.world.house.open.values() if a.market == "secondary"]
        listed = sorted(s for s, t in self.state.titles.live.items() if t.listing is not None)
        assert sorted(asks + sales) == listed


def process_draw_once(state, world) -> None:
    """The early draw of the slot, unless it was made."""
    block = state.slot + state.rules.lookahead
    if block not in state.draws:
        process_draw(state)
        drawn = state.draws[block].ticket
        if drawn is not None:
            world.exchange.withdraw(state.titles.live[drawn], 0)
            world.house.withdraw(state.titles.live[drawn])


TestConservation = Conservation.TestCase
TestConservation.settings = settings(max_examples=150, stateful_step_count=50, deadline=None)
