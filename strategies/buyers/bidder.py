"""What the buyers have in common who put a price on every ticket that is for sale."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from chain.ticket import Series
from market.intents import AuctionBid, Bid, Intent
from market.view import AuctionView, View
from strategies.base import Buyer
from strategies.bidding import bids
from strategies.parameters import between
from strategies.purse import Purse
from strategies.valuation import own_value


class Bidder(Buyer, ABC):
    """Bids `price` in every open auction, and takes the asks in the book that do not exceed its value."""

    bids_in: ClassVar[frozenset[str] | None] = frozenset()
    needs_quotes: ClassVar[bool] = True
    """Whether there is nothing to take where no order rests: False for a class with a `take_asks` of its own."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.needs_quotes = cls.take_asks is Bidder.take_asks

    def __init__(self, discount_rate: float = 0.0) -> None:
        """`discount_rate` per block."""
        self.discount_rate = between("discount_rate", discount_rate, 0)

    def value(self, view: View, series: Series) -> int:
        """The present value of a right to oneself, Gwei."""
        return int(own_value(view, self.setup, series, self.discount_rate))

    @abstractmethod
    def price(self, view: View, auction: AuctionView, value: int) -> int:
        """What to bid in an auction for a right worth `value`, Gwei."""

    def ask_worth(self, view: View, series: Series) -> int:
        """The highest ask that it takes for a right, Gwei."""
        return self.value(view, series)

    def primary(self, view: View) -> Sequence[Intent]:
        return self.auction_bids(view)

    def bid(self, view: View) -> Sequence[Intent]:
        placed = self.auction_bids(view)
        if self.needs_quotes and not view.market.quotes:
            return placed
        purse = Purse(view, self.setup)
        for bid in placed:
            purse.pay(bid.price_gwei, self.setup.entry_gwei)
        return [*placed, *self.take_asks(view, purse)]

    def build(self, view: View) -> Sequence[Intent]:
        return self.auction_bids(view)

    def auction_bids(self, view: View) -> list[AuctionBid]:
        """A bid in every open auction of another's, as far as the money goes."""
        return bids(view, view.market.auctions, partial(self.price_in, view), self.setup.entry_gwei)

    def price_in(self, view: View, auction: AuctionView) -> int:
        """What to bid in an auction, Gwei; nothing where it is not known what is for sale."""
        series = auction.series
        if series is None:
            return 0
        return self.price(view, auction, self.value(view, series))

    def take_asks(self, view: View, purse: Purse) -> list[Intent]:
        """What to do in the book, with what the bids in auctions have left in the purse: take the best ask of each
        series that is worth it. One of your own may rest bids too, and is asked whether or not any order rests."""
        own = {order.series for order in view.orders if order.side == "ask"}
        takes: list[Intent] = []
        most = purse.most
        for series, _, ask in view.market.quotes:
            if ask is not None and series not in own and ask <= min(most, self.ask_worth(view, series)):
                purse.pay(ask)
                most = purse.most
                takes.append(Bid(series, ask, "ioc"))
        return takes
