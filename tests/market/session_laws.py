"""What holds of a market at any time, by tallies that are kept beside it: the naive side of the sessions."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from hypothesis.stateful import RuleBasedStateMachine, invariant

from chain.clock import Phase
from chain.ledger import BURNED, ENDOWMENTS, REFUNDS, REWARDS, SPENT
from chain.ticket import Series

MONEY = 200
"""What each account begins with, Gwei."""


class Laws(RuleBasedStateMachine):
    """The draws and refunds that are due, and the laws that are kept after every step."""

    def __init__(self, market: Any, fallback: str) -> None:
        super().__init__()
        self.market, self.state, self.fallback = market, market.state, fallback
        self.rewards = self.refunds = self.burned = self.spent = 0
        self.paid: dict[int, int] = {}  # by ticket, to the protocol
        self.claims: dict[int, tuple[int, int]] = {}  # by ticket: the block, the transfer nonce

    # What is expected

    def early_draw(self, block: int) -> int | None:
        name = self.state.rules.draw.name
        if name == "lottery":
            return self.state.urn[self.state.beacon.below(len(self.state.urn), block)]
        if name == "maturity":
            return next((serial for last, serial in self.undrawn() if last == block), None)
        return self.claimed(block)

    def late_draw(self, block: int) -> int | None:
        if self.state.rules.draw.late is None:
            return None
        claimed, (last, oldest) = self.claimed(block), self.undrawn()[0]
        if claimed is not None:
            return claimed
        return oldest if self.fallback == "earliest_expiry" or last <= block else None

    def claimed(self, block: int) -> int | None:
        live = self.state.titles.live
        undrawn = [serial for _, serial in self.undrawn() if serial in self.claims]
        return next((serial for serial in undrawn if self.claims[serial] == (block, live[serial].nonce)), None)

    def undrawn(self) -> list[tuple[int, int]]:
        """Last block and serial of the undrawn tickets, in that order."""
        titles = self.state.titles.live.values()
        return sorted((t.ticket.last_block, t.ticket.serial) for t in titles if t.drawn_for is None)

    def due_refunds(self) -> int:
        last, share = self.state.slot + self.state.rules.lookahead, self.state.rules.refund
        ending = [serial for block, serial in self.undrawn() if block <= last]
        return sum(int(share * self.paid.get(serial, 0)) for serial in ending)

    # What always holds

    @invariant()
    def tickets_are_conserved(self):
        titles = self.state.titles
        assert titles.minted == len(titles.live) + titles.burned
        assert self.state.urn == sorted(s for s, title in titles.live.items() if title.drawn_for is None)
        for account, held in enumerate(titles.holdings):
            assert held == {s: title for s, title in titles.live.items() if title.owner == account}
        assert titles.squares == sum(len(held) ** 2 for held in titles.holdings[1:])

    @invariant()
    def money_is_conserved(self):
        ledger = self.state.ledger
        pots = [self.market.money(account) for account in range(4)]
        assert min(min(pot) for pot in pots) >= 0
        endowed = 3 * MONEY
        assert sum(map(sum, pots)) + self.burned + self.spent == endowed + self.rewards + self.refunds
        flows = [ledger.total(pot) for pot in (ENDOWMENTS, REWARDS, REFUNDS, BURNED, SPENT)]
        assert flows == [endowed, self.rewards, self.refunds, self.burned, self.spent]
        assert ledger.is_balanced()

    @invariant()
    def escrow_is_what_stands(self):
        for account in self.market.numbers:
            orders = self.market.exchange.own_orders(account)
            resting = sum(order.price_gwei for order in orders if order.side == "bid")
            auctions = self.market.house.open.values()
            standing = sum(a.bids[account].bid.price for a in auctions if account in a.bids)
            assert self.state.ledger.escrowed(account) == resting + standing

    @invariant()
    def a_listed_ticket_stands_in_one_place(self):
        places = defaultdict(list)
        for account in self.market.numbers:
            for order in self.market.exchange.own_orders(account):
                if order.side == "ask":
                    places[order.ticket].append((order.id, account))
        for auction in self.market.house.open.values():
            if auction.market == "secondary":
                places[auction.serial].append((auction.id, auction.seller))
        listed = {s: [(t.listing, t.owner)] for s, t in self.state.titles.live.items() if t.listing is not None}
        assert places == listed

    @invariant()
    def books_are_what_rests_and_never_crossed(self):
        best: dict[Series, list[int | None]] = defaultdict(lambda: [None, None])
        for account in self.market.numbers:
            for order in self.market.exchange.own_orders(account):
                side, pick = (0, max) if order.side == "bid" else (1, min)
                known, price = best[order.series][side], order.price_gwei
                best[order.series][side] = price if known is None else pick(known, price)
                assert order.until >= self.state.slot
        quotes = self.market.exchange.quotes()
        assert {series: [bid, ask] for series, bid, ask in quotes} == best
        assert all(bid is None or ask is None or bid < ask for _, bid, ask in quotes)

    @invariant()
    def views_show_what_is(self):
        everyone = self.market.viewer.market(Phase.BID)
        for account in self.market.numbers:
            view = self.market.viewer.view(account, everyone)
            assert (view.free_gwei, view.escrowed_gwei) == self.market.money(account)
            held = self.state.titles.holdings[account].values()
            assert {(t.serial, t.drawn_for, t.listed) for t in view.tickets} == {
                (t.ticket.serial, t.drawn_for, t.listing is not None) for t in held
            }
