"""Protocol, ledger, titles, books and auctions together, under random operations, valid and invalid.

After every step the sums are right, by the machine's own tallies; every draw is the one that it predicts; what is
refused changes nothing, and no message is taken in twice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import event, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from chain.errors import NonceUsed, Refused
from chain.protocol import (
    close_slot,
    get_right,
    process_claim,
    process_first_draws,
    process_genesis,
    process_proposal,
)
from chain.ticket import NEVER, Series
from chain.transfer import process_transfer
from market.auctions import Terms
from market.intents import Build, SellBlock
from market.primary import PRICING
from tests.market.session_laws import MONEY, Laws
from tests.snapshot import assert_same

ENTRY, LOT_RESERVE = 3, 2
RULES: dict[str, dict[str, Any]] = {
    "maturity": {"draw": "maturity", "supply": 4, "maturity": 3},
    "maturity ahead": {"draw": "maturity", "supply": 5, "maturity": 4, "lookahead": 2},
    "lottery": {"draw": "lottery", "supply": 4, "maturity": 2, "refund": 0.5},
    "lottery ahead": {"draw": "lottery", "supply": 6, "maturity": 3, "lookahead": 2, "refund": 1.0},
    "lottery for ever": {"draw": "lottery", "supply": 4, "maturity": None},
    "lottery for ever, ahead": {"draw": "lottery", "supply": 5, "maturity": None, "lookahead": 2},
    "claim": {"draw": "claim", "supply": 5, "maturity": 3, "refund": 0.5},
    "claim ahead": {"draw": "claim", "supply": 5, "maturity": 4, "lookahead": 2},
    "claim or empty": {"draw": "claim", "supply": 4, "maturity": 3, "unclaimed": "empty", "refund": 1.0},
    "claim or empty, ahead": {"draw": "claim", "supply": 5, "maturity": 4, "unclaimed": "empty", "lookahead": 1},
}

accounts = st.integers(1, 3)
rarely = st.sampled_from([False] * 7 + [True])
mostly = rarely.map(lambda rare: not rare)
index = st.sampled_from([0, 0, 0, 1, 2, 3, 4, 5])
modest = st.integers(0, 40)
prices = st.one_of(modest, modest, st.sampled_from([0, MONEY, MONEY + 1, 2**63]))
limits = st.one_of(st.none(), prices)
slots = st.sampled_from([0, 0, 0, 1, 2, -1])


class Session(Laws):
    """One market through its slots. `step` goes on to the next phase; the other rules act at any time."""

    def __init__(self, market: Any, fallback: str) -> None:
        super().__init__(market, fallback)
        self.entered: set[tuple[int, int]] = set()
        self.used: set[tuple[int, int]] = set()  # account and nonce of what was taken in
        self.messages: list[tuple[Callable[..., object], Any, bool]] = []
        self.orders: list[int] = []
        self.phases = [self.clear_sales, self.draw_late, self.sell_block, self.propose, self.turn_slot]
        self.phase = 0
        process_genesis(self.state)
        self.offer_lots()
        self.clear_lots()
        process_first_draws(self.state)
        self.open()

    # Trying things

    def attempt(self, operation: Callable[..., object], *arguments: object) -> bool:
        """Whether the operation was allowed. If not, nothing has changed."""
        before = self.market.snapshot()
        try:
            operation(*arguments)
        except Refused as refusal:
            assert_same(before, self.market.snapshot())
            event(f"{getattr(operation, '__name__', operation)}: {refusal.code}")
            return False
        event(f"{getattr(operation, '__name__', operation)}: taken in")
        return True

    def submit(self, operation: Callable[..., object], message: Any, forged: bool = False) -> bool:
        """Try a signed message. A forged one, or one with a used nonce, is never taken in."""
        if forged:
            message = message._replace(signature=message.signature[:40] + bytes(25))
        self.messages.append((operation, message, forged))
        taken = self.attempt(operation, message, 0)
        if taken:
            assert not forged
            assert (message[0], message.nonce) not in self.used
            self.used.add((message[0], message.nonce))
        return taken

    def pick(self, number: int) -> int:
        """A live ticket's serial, drawn ones first."""
        live = sorted(self.state.titles.live.items(), key=lambda item: item[1].drawn_for is None)
        return live[number % len(live)][0]

    def holder(self, serial: int, honest: bool, account: int) -> int:
        """Who owns the ticket, if it is not the protocol; else, or where it is not honest, some account."""
        return self.state.titles.live[serial].owner or account if honest else account

    # Operations

    @rule(
        account=accounts,
        number=index,
        price=limits,
        tif=st.sampled_from(TIFS := ("gtc", "gtc", "ioc", "post_only")),
    )
    def bid(self, account, number, price, tif):
        series = self.state.titles.live[self.pick(number)].series
        self.place(self.market.bid(account, series, price, tif=tif))

    @rule(account=accounts, drawn=st.booleans(), ahead=st.integers(-1, 5), life=slots, forged=rarely)
    def odd_bid(self, account, drawn, ahead, life, forged):
        """Of any series, for a few slots."""
        series = Series(drawn, max(self.state.slot + ahead, 0))
        order = self.market.bid(account, series, 5, valid_until=max(self.state.slot + life, 0))
        self.place(order, forged)

    @rule(account=accounts, honest=mostly, number=index, price=limits, tif=st.sampled_from(TIFS), life=slots)
    def ask(self, account, honest, number, price, tif, life):
        serial = self.pick(number)
        until = NEVER if life == 0 else max(self.state.slot + life, 0)
        order = self.market.ask(self.holder(serial, honest, account), serial, price, tif=tif, valid_until=until)
        self.place(order)

    @rule(account=accounts, number=index, forged=rarely, old=rarely)
    def odd_ask(self, account, number, forged, old):
        serial = self.pick(number)
        nonce = self.state.titles.live[serial].nonce - old
        account = self.holder(serial, True, account)
        self.place(self.market.ask(account, serial, 5, transfer_nonce=max(nonce, 0)), forged)

    def place(self, order: Any, forged: bool = False) -> None:
        if self.submit(self.market.exchange.place, order, forged):
            self.orders.append(len(self.orders))

    @precondition(lambda self: self.orders)
    @rule(account=accounts, honest=mostly, number=st.integers(0, 60))
    def cancel(self, account, honest, number):
        id = self.orders[-1 - number % len(self.orders)]
        own = [a for a in self.market.numbers if id in {view.id for view in self.market.exchange.own_orders(a)}]
        self.attempt(self.market.exchange.cancel, own[0] if own and honest else account, id, 0)

    @rule(
        account=accounts,
        honest=mostly,
        number=index,
        format=st.sampled_from(["first_price", "second_price", "english", "dutch"]),
        reserve=st.integers(0, 12),
        life=slots,
        forged=rarely,
        bids=st.lists(st.tuples(accounts, modest), max_size=3),
    )
    def open_sale(self, account, honest, number, format, reserve, life, forged, bids):
        serial = self.pick(number)
        terms = {"reserve": reserve, "start": 10, "tick": 3, "deadline": max(self.state.slot + life, 0)}
        listing = self.market.listing(self.holder(serial, honest, account), serial, format, **terms)
        if self.submit(self.market.house.open_sale, listing, forged):
            for bidder, price in bids:
                self.bid_in(max(self.market.house.open), bidder, price)

    @rule(account=accounts, number=index, price=prices, forged=rarely)
    def enter(self, account, number, price, forged):
        auctions = sorted(self.market.house.open.values(), key=lambda auction: auction.market == "primary")
        ids = [*(auction.id for auction in auctions), 10**6]
        self.bid_in(ids[number % len(ids)], account, price, forged)

    def bid_in(self, auction: int, account: int, price: int, forged: bool = False) -> None:
        if self.submit(self.market.house.enter, self.market.offer(account, auction, price), forged):
            self.enter_cost(auction, account)

    def enter_cost(self, auction: int, account: int) -> None:
        if self.market.house.open[auction].market == "secondary" and (auction, account) not in self.entered:
            self.entered.add((auction, account))
            self.spent += ENTRY

    @rule(giver=accounts, taker=accounts, honest=mostly, number=index, repeat=rarely)
    def transfer(self, giver, taker, honest, number, repeat):
        serial = self.pick(number)
        transfer = self.market.transfer(self.holder(serial, honest, giver), taker, serial)
        if self.attempt(process_transfer, self.state, transfer) and repeat:
            assert not self.attempt(process_transfer, self.state, transfer)

    @rule(account=accounts, honest=mostly, number=index, ahead=st.integers(-1, 5))
    def claim(self, account, honest, number, ahead):
        serial, block = self.pick(number), self.state.slot + ahead
        nonce = self.state.titles.live[serial].nonce
        account = self.holder(serial, honest, account)
        if self.attempt(process_claim, self.state, account, serial, nonce, block):
            self.claims[serial] = (block, nonce)

    @precondition(lambda self: self.messages)
    @rule(number=st.integers(0, 40))
    def replay(self, number):
        """What was taken in is refused, at any time; what was refused may be good by now."""
        operation, message, forged = self.messages[-1 - number % len(self.messages)]
        if self.submit(operation, message, forged):
            if operation == self.market.exchange.place:
                self.orders.append(len(self.orders))
            elif operation == self.market.house.enter:
                self.enter_cost(message.auction, message.bidder)

    @rule(account=accounts, change=st.sampled_from(["block", "proposer", "ticket", "signature"]))
    def propose_badly(self, account, change):
        proposal, right = self.market.proposal(builder=account, reward=50), get_right(self.state)
        worse = {
            "block": proposal.block + 1,
            "proposer": proposal.proposer % 3 + 1,
            "ticket": None if right is None else right.ticket + 1,
            "signature": proposal.signature[:40] + bytes(25),
        }
        assert not self.attempt(process_proposal, self.state, proposal._replace(**{change: worse[change]}), 50)

    # The phases of a slot

    @rule(count=st.integers(1, 6), number=st.integers(0, 2))
    def step(self, count, number):
        """Go on by some phases. `number` decides what there is to decide."""
        for _ in range(count):
            self.phases[self.phase](number)
            self.phase = (self.phase + 1) % len(self.phases)
            self.tickets_are_conserved()

    def open(self) -> None:
        block = self.state.slot + 1 + self.state.rules.lookahead
        expected = self.early_draw(block)
        self.market.open()
        assert self.state.draws[block].ticket == expected
        if self.state.rules.draw.name in ("maturity", "lottery", "claim/earliest_expiry"):
            assert len(self.state.urn) == self.state.rules.supply - self.state.rules.lookahead - (
                expected is not None
            )

    def clear_sales(self, _: int) -> None:
        self.market.house.clear_sales(0)

    def draw_late(self, _: int) -> None:
        block = self.state.slot + self.state.rules.lookahead
        drawn = self.state.draws[block].ticket
        expected = self.late_draw(block) if drawn is None else drawn
        self.market.draw_late()
        assert self.state.draws[block].ticket == expected

    def sell_block(self, number: int) -> None:
        right = get_right(self.state)
        if right is not None:
            decision = [[SellBlock(number)], [SellBlock(0)], [Build()]][number]
            self.market.pbs.receive(self.market.participant(right.proposer), decision, 0)
            self.used |= {
                (a.seller, a.listing.nonce) for a in self.market.house.open.values() if a.market == "block"
            }

    def propose(self, number: int) -> None:
        self.market.withdraw_ending()
        right, reward = get_right(self.state), 25 * number
        is_missed = right is None or number == 1
        proposer = None if is_missed else self.market.participant(right.proposer)
        sellers = [a.seller for a in self.market.house.open.values() if a.market == "block"]
        outcome = self.market.pbs.propose(right, proposer, reward, 0)
        if outcome.builder is not None:
            self.rewards += reward
            self.spent += outcome.cost_gwei
        if outcome.price_gwei is not None:
            assert sellers == [outcome.right.proposer]
        self.refunds += self.due_refunds()
        close_slot(self.state)
        assert len(self.state.titles.live) == self.state.rules.supply
        self.offer_lots()

    def offer_lots(self) -> None:
        """Each lot gets two bids, but for some."""
        for title in list(self.state.titles.holdings[0].values()):
            if title.drawn_for is None:
                serial = title.ticket.serial
                lot = self.market.house.offer_lot(title, "second_price", Terms(LOT_RESERVE))
                if serial % 5:
                    self.bid_in(lot.id, 1 + serial % 3, 4 + serial % 7)
                    self.bid_in(lot.id, 1 + (serial + 1) % 3, 1 + serial % 11)

    def turn_slot(self, _: int) -> None:
        self.clear_lots()
        self.open()

    def clear_lots(self) -> None:
        for auction in self.market.house.open.values():
            if auction.market == "primary" and auction.bids:
                best = sorted((standing.bid.price for standing in auction.bids.values()), reverse=True)
                price = max([LOT_RESERVE, *best[1:2]])
                self.burned += price
                self.paid[auction.serial] = price
        self.market.house.clear_lots(PRICING["second_price"](), 0)
        self.market.exchange.expire(0)

    def teardown(self) -> None:
        """Exactly the nonces of what was taken in are used."""
        for account in self.market.numbers:
            for nonce in range(self.market.wallets[account].next_nonce()):
                assert is_used(self.market.gate._nonces[account], nonce) == ((account, nonce) in self.used)


def is_used(nonces: Any, nonce: int) -> bool:
    try:
        nonces.check(nonce)
    except NonceUsed:
        return True
    return False


@pytest.mark.parametrize("name", RULES)
def test_a_session_keeps_its_laws(make_market, name):
    options = {"money": MONEY, "entry": ENTRY, **RULES[name]}
    fallback = options.get("unclaimed", "earliest_expiry")
    run_state_machine_as_test(
        lambda: Session(make_market(**options), fallback),
        settings=settings(max_examples=20, stateful_step_count=60),
    )
