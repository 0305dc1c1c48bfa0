"""A strategy that does anything that comes into its head, in a file that is loaded quickly: audits load it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from market.intents import (
    Ask,
    AuctionBid,
    Bid,
    Build,
    Cancel,
    Claim,
    Intent,
    OpenAuction,
    Return,
    SellBlock,
    SellBuilding,
)
from market.view import TicketView, View
from strategies.base import Strategy

GWEI = 10**7
TIFS = ("gtc", "gtc", "ioc", "fok", "post_only")
FORMATS = ("first_price", "second_price", "english", "dutch")


class Wild(Strategy):
    """Does a bit of everything at random, much of it nonsense, and raises now and then."""

    roles = frozenset({"seller", "buyer", "builder"})

    def primary(self, view: View) -> Sequence[Intent]:
        return list(self.auction_bids(view))

    def build(self, view: View) -> Sequence[Intent]:
        return list(self.auction_bids(view))

    def offer(self, view: View) -> Sequence[Intent]:
        return self.shuffled([*self.listings(view), *self.cancels(view), *self.bids(view)])

    def bid(self, view: View) -> Sequence[Intent]:
        return [*self.auction_bids(view), *self.offer(view)]

    def claim(self, view: View) -> Sequence[Intent]:
        return [Claim(ticket.serial, view.slot + self.dice(6)) for ticket in view.tickets if self.dice(3) == 0]

    def propose(self, view: View) -> Sequence[Intent]:  # noqa: ARG002
        if self.dice(30) == 0:
            raise RuntimeError("lost my nerve")
        return ([], [Build()], *([SellBlock(self.price() // 4, self.price() // 8)],) * 3)[self.dice(5)]

    def auction_bids(self, view: View) -> Iterator[Intent]:
        for auction in view.auctions:
            for _ in range(self.dice(3)):
                yield AuctionBid(auction.id, self.price())
        if self.dice(9) == 0:
            yield AuctionBid(self.dice(500), self.price())

    def listings(self, view: View) -> Iterator[Intent]:
        for ticket in view.tickets:
            yield from self.listing(view, ticket, self.dice(9))

    def listing(self, view: View, ticket: TicketView, choice: int) -> Iterator[Intent]:
        price = None if self.dice(6) == 0 else self.price()
        if choice == 0:
            yield Ask(ticket.serial, price, self.one(TIFS), self.until(view))
        elif choice == 1:
            terms = (self.one(FORMATS), self.price() // 4, self.dice(4), 40 * GWEI, 1 + self.dice(GWEI))
            yield OpenAuction(ticket.serial, *terms)
        elif choice == 2:
            yield Claim(ticket.serial, view.slot + self.dice(6))
        elif choice == 4 and ticket.drawn_for is not None:
            terms = (self.one(FORMATS), self.price() // 4, self.dice(3), 40 * GWEI, 1 + self.dice(GWEI))
            yield SellBuilding(ticket.serial, *terms)
        elif choice == 3 and self.dice(4) == 0:
            yield Return(ticket.serial, self.price() // 8)

    def cancels(self, view: View) -> Iterator[Intent]:
        for order in view.orders:
            if self.dice(4) == 0:
                yield Cancel(order.id)
        if self.dice(20) == 0:
            yield Cancel(self.dice(200))

    def bids(self, view: View) -> Iterator[Intent]:
        series = [quote.series for quote in view.market.quotes[:3]] + [
            ticket.series for ticket in view.tickets[:1]
        ]
        for each in series:
            if self.dice(2):
                price = None if self.dice(4) == 0 else self.price()
                yield Bid(each, price, self.one(TIFS), self.until(view))

    def dice(self, sides: int) -> int:
        return int(self.setup.rng.integers(sides))

    def one(self, choices: Sequence[Any]) -> Any:
        return choices[self.dice(len(choices))]

    def price(self) -> int:
        return self.dice(40) * GWEI

    def until(self, view: View) -> int | None:
        return None if self.dice(2) else view.slot + self.dice(4)

    def shuffled(self, intents: list[Intent]) -> list[Intent]:
        return [intents[index] for index in self.setup.rng.permutation(len(intents))]
