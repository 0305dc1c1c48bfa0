"""Buys a row of blocks, to keep transactions out."""

from __future__ import annotations

from collections.abc import Sequence

from chain.money import eth_to_gwei
from market.intents import Build, Intent
from market.view import AuctionView, View
from strategies.buyers.bidder import Bidder
from strategies.parameters import between
from strategies.purse import Purse


class Censor(Bidder):
    """Pays up to a bribe more than its value for the rights of `length` blocks in a row, again in every period,
    and builds these blocks itself: censorship by buying the right to propose (Fox, Pai and Resnick 2023). Other
    rights it does not want."""

    def __init__(
        self, length: int = 4, period: int = 64, bribe_eth: float = 0.5, discount_rate: float = 0.0
    ) -> None:
        """The first `length` blocks of every `period`; `bribe_eth`: what it is worth to keep something out of one
        block, ETH; `discount_rate` per block."""
        super().__init__(discount_rate)
        self.period = int(between("period", period, 1))
        self.length = int(between("length", length, 0, self.period))
        self.bribe = eth_to_gwei(between("bribe_eth", bribe_eth, 0))

    def price(self, view: View, auction: AuctionView, value: int) -> int:  # noqa: ARG002
        if auction.block is not None and self.wants(auction.block):
            return value + self.bribe
        return 0

    def take_asks(self, view: View, purse: Purse) -> list[Intent]:
        wanted = tuple(quote for quote in view.market.quotes if self.wants(quote.series.block))
        return super().take_asks(view._replace(market=view.market._replace(quotes=wanted)), purse)

    def propose(self, view: View) -> Sequence[Intent]:
        """Does not sell what it bought in order to censor."""
        if self.wants(view.slot):
            return [Build()]
        return super().propose(view)

    def wants(self, block: int) -> bool:
        """Whether the block is one to censor."""
        return block % self.period < self.length
