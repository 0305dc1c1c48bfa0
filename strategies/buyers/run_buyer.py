"""Wants several blocks in a row."""

from __future__ import annotations

from typing import ClassVar

from chain.money import eth_to_gwei
from market.view import AuctionView, View
from strategies.buyers.bidder import Bidder
from strategies.parameters import between


class RunBuyer(Bidder):
    """Bids its own value, and a bonus more for each block of a run: the first `length` of every `every` blocks.

    To whom several blocks in a row are worth more than their sum, it can aim only at blocks that are known as a
    ticket is sold (Burian and Crapis 2024 on multi-block MEV).
    """

    roles: ClassVar[frozenset[str]] = frozenset({"seller", "buyer"})

    def __init__(
        self, bonus_eth: float = 0.1, every: int = 32, length: int = 4, discount_rate: float = 0.0
    ) -> None:
        """`bonus_eth` for each block of a run; `discount_rate` per block."""
        super().__init__(discount_rate)
        self.bonus = eth_to_gwei(between("bonus_eth", bonus_eth, 0))
        self.every = int(between("every", every, 1))
        self.length = int(between("length", length, 1, self.every))

    def price(self, view: View, auction: AuctionView, value: int) -> int:  # noqa: ARG002
        block = auction.block
        wanted = block is not None and block % self.every < self.length
        if wanted:
            return value + self.bonus
        return value
