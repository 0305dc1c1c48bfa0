"""A small chain with its markets, driven by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from chain.account import derive_accounts
from chain.collateral import post_collateral
from chain.eip712 import Domain
from chain.errors import Refused
from chain.ledger import names_of
from chain.protocol import (
    Proposal,
    get_expiring,
    get_right,
    open_slot,
    process_first_draws,
    process_genesis,
    process_late_draw,
)
from chain.randomness import Streams
from chain.records import Records
from chain.rewards import Constant, RewardPath
from chain.rules import draw_rule
from chain.signatures import Ecdsa, Unsigned
from chain.state import Rules, new_state
from chain.ticket import NEVER, Series, Title
from chain.transfer import TRANSFER, Transfer, transfer_values
from market.agent_wallet import Wallet
from market.auction import Auction
from market.costs import FixedCost
from market.entry_costs import EntryCosts
from market.marketplace import open_marketplace
from market.messages import NO_LISTING, Listing, Order, SignedBid, bid_until
from market.primary import PRICING, Rule
from market.resale_times import RESALE
from market.view import Quote
from tests.snapshot import assert_same, snapshot


class Market:
    """A chain with the accounts 1, 2, 3 and all its markets. Each account has `money` Gwei and a cost of 10 times
    its number, but account 3 cannot build."""

    def __init__(
        self,
        draw: str = "maturity",
        supply: int = 4,
        maturity: int | None = 3,
        lookahead: int = 0,
        refund: float = 0.0,
        unclaimed: str = "earliest_expiry",
        resale: str = "both",
        entry: int = 0,
        primary_entry: Mapping[int, int] | None = None,
        money: int = 1000,
        signed: bool = True,
        pricing: Rule | None = None,
        **more: Any,
    ) -> None:
        streams = Streams(23)
        accounts = derive_accounts(streams, ["one", "two", "three"])
        self.numbers = range(1, len(accounts))
        self.records = Records(Path("nowhere"), names_of(accounts))
        domain = Domain(1337)
        self.state = state = new_state(
            rules=Rules(supply, maturity, lookahead, draw_rule(draw, unclaimed), refund, **more),
            accounts=accounts,
            signatures=Ecdsa(domain) if signed else Unsigned(domain),
            streams=streams,
            records=self.records,
        )
        self.ledger, self.titles = state.ledger, state.titles
        self.rewards = RewardPath(Constant(1e-7), np.random.default_rng(0))  # 100 Gwei
        market = open_marketplace(
            state=state,
            records=self.records,
            rewards=self.rewards,
            costs=[None, FixedCost(10), FixedCost(20), None],
            pricing=pricing or PRICING["second_price"](),
            resale=RESALE[resale],
            block_format="second_price",
            horizon=3,
            strict=False,
            entry=EntryCosts(entry, primary_entry or {}),
        )
        self.place = market
        self.gate, self.trades = market.gate, market.trades
        self.exchange, self.house = market.exchange, market.house
        self.violations, self.viewer = market.violations, market.viewer
        self.desk, self.pbs = market.desk, market.pbs
        self.wallets = {number: Wallet(accounts[number], state) for number in self.numbers}
        for number in self.numbers:
            state.ledger.endow(number, money)

    def begin(self) -> Market:
        """Tickets 0, 1, 2, 3, … go to accounts 1, 2, 3, 1, …; slot 0 is open and drawn."""
        for title in process_genesis(self.state):
            owner = 1 + title.ticket.serial % 3
            post_collateral(self.state, title, owner)
            self.titles.transfer(title, owner, "primary")
        process_first_draws(self.state)
        self.open()
        return self

    def open(self) -> None:
        """Open a slot and draw."""
        open_slot(self.state)
        self.rewards.advance()
        self.withdraw_drawn()

    def draw_late(self) -> None:
        process_late_draw(self.state)
        self.withdraw_drawn()

    # What leaves the market

    def withdraw_drawn(self) -> None:
        """A drawn ticket leaves the market in which it was undrawn."""
        drawn = self.state.draws[self.state.slot + self.state.rules.lookahead].ticket
        if drawn is not None:
            self.withdraw(self.titles.live[drawn])

    def withdraw_ending(self) -> None:
        """Tickets that end with this slot leave the market."""
        drawn = self.state.draws[self.state.slot].ticket
        proposing = [] if drawn is None else [self.titles.live[drawn]]
        for title in [*get_expiring(self.state), *proposing]:
            self.withdraw(title)

    def withdraw(self, title: Title) -> None:
        self.exchange.withdraw(title, 0)
        self.house.withdraw(title)

    # Messages, signed; `changes` come before the signature

    def bid(self, account: int, series: Series, price: int | None, /, **changes: Any) -> Order:
        price, life = self.at_market("bid", series, price)
        terms = ("bid", life, series, None, 0, price, 0, NEVER)
        return self.sign(account, Order(account, *terms, self.wallets[account].next_nonce())._replace(**changes))

    def ask(self, account: int, ticket: int, price: int | None, /, **changes: Any) -> Order:
        title = self.titles.live[ticket]
        price, life = self.at_market("ask", title.series, price)
        terms = ("ask", life, title.series, ticket, title.nonce, price, 0, NEVER)
        return self.sign(account, Order(account, *terms, self.wallets[account].next_nonce())._replace(**changes))

    def at_market(self, side: str, series: Series, price: int | None) -> tuple[int, str]:
        """What becomes of an order without a price whose maker sees the book as it is now."""
        if price is None:
            quotes = {quote.series: quote for quote in self.exchange.quotes()}
            return quotes.get(series, Quote(series, None, None)).limit(side), "ioc"
        return price, "gtc"

    def listing(
        self, account: int, ticket: int | None, format: str = "second_price", /, **changes: Any
    ) -> Listing:
        nonce = 0 if ticket is None else self.titles.live[ticket].nonce
        sells = "ticket" if changes.get("block") is None else "block"
        terms = (sells, format, ticket, nonce, None, 0, 0, 1, self.state.slot)
        return self.sign(account, Listing(account, *terms, self.wallets[account].next_nonce())._replace(**changes))

    def offer(self, account: int, auction: Auction | int, price: int, /, **changes: Any) -> SignedBid:
        there = auction if isinstance(auction, Auction) else self.house.open.get(auction)
        terms = (auction, NO_LISTING, price, max(self.state.slot, 0))
        if there is not None:
            terms = (there.id, there.offered, price, bid_until(there.market, there.deadline))
        bid = SignedBid(account, *terms, self.wallets[account].next_nonce())
        return self.sign(account, bid._replace(**changes))

    def transfer(self, giver: int, taker: int, ticket: int) -> Transfer:
        transfer = Transfer(giver, taker, ticket, self.titles.live[ticket].nonce)
        key = self.state.accounts[giver].key
        signature = self.state.signatures.sign(key, TRANSFER, transfer_values(self.state, transfer))
        return transfer._replace(signature=signature)

    def proposal(self, builder: int | None = None, reward: int = 0) -> Proposal:
        """Of the present block, by the holder of its right, or by account 1 where there is none."""
        right = get_right(self.state)
        proposer, ticket = (1, None) if right is None else right
        nonce = 0 if ticket is None else self.titles.live[ticket].nonce
        return self.wallets[proposer].sign_proposal(
            Proposal(self.state.slot, proposer, ticket, nonce, builder, reward)
        )

    def sign(self, account: int, message: Any) -> Any:
        return self.wallets[account].sign(message)

    def participant(self, account: int) -> Any:
        return SimpleNamespace(account=account, wallet=self.wallets[account])

    # What is the case

    def snapshot(self) -> bytes:
        """Equal before and after, unless something changed."""
        parts = ("state", "gate", "trades", "exchange", "house")
        return snapshot(**{part: getattr(self, part) for part in parts})

    def refuses(self, error: type[Refused], operation: Callable[..., object], *arguments: object) -> str:
        """The operation raises `error` and changes nothing. What it says."""
        before = self.snapshot()
        with pytest.raises(error) as refusal:
            operation(*arguments)
        assert refusal.type is error
        assert_same(before, self.snapshot())
        return str(refusal.value)

    def money(self, account: int) -> tuple[int, int]:
        """What the account has free, and in escrow."""
        return self.ledger.free(account), self.ledger.escrowed(account)

    def column(self, table: str, name: str) -> list[Any]:
        """A column of what was recorded so far, as it was appended."""
        recorded = self.records._tables[table]
        index = [column.name for column in recorded.schema.columns].index(name)
        return [row[index] for row in recorded._rows]


@pytest.fixture(scope="session")
def make_market() -> Callable[..., Market]:
    """Makes small markets, before genesis."""
    return Market


@pytest.fixture
def market() -> Market:
    """Tickets 0, 1, 2, 3 of accounts 1, 2, 3, 1 mature at blocks 0 … 3; slot 0 is open, ticket 0 drawn for it."""
    return Market().begin()
