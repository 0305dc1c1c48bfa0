"""Bids for what is worth the same to all, of which each has a signal of its own."""

from __future__ import annotations

from typing import ClassVar

from chain.rewards.informed import InformedOutlook
from market.auctions import PAID_AS_BID
from market.view import AuctionView, View
from strategies.buyers.bidder import Bidder
from strategies.parameters import between
from strategies.setup import Setup
from strategies.signalled_lot import over, sale_of
from strategies.valuation import discount, known_block


class CommonValue(Bidder):
    """The symmetric equilibrium of Milgrom and Weber (1982) among bidders with private signals of the reward: what
    the block brings, given that the highest other signal ties with one's own; shaded where one pays as bid.

    It takes the signal of the block that is for sale, and what is public: exact where no other signal tells of it
    and costs are 0 or the same for all. Where it has no signal, or no rivals, it bids its value.
    """

    plays_rounds: ClassVar[bool] = False

    def __init__(self, bidders: int = 0, discount_rate: float = 0.0) -> None:
        """`bidders` with signals as good as its own, itself among them; 0: all who can exploit a block.
        `discount_rate` per block."""
        super().__init__(discount_rate)
        self.named = int(between("bidders", bidders, 0, 1_000_000))

    def start(self, setup: Setup) -> None:
        super().start(setup)
        self.bidders = self.named or setup.buyers

    def price(self, view: View, auction: AuctionView, value: int) -> int:
        block = None if auction.series is None else known_block(self.setup, auction.series)
        cost = None if block is None else view.cost(block)
        outlook = view.outlook
        if block is None or cost is None or self.bidders < 2 or not isinstance(outlook, InformedOutlook):
            return value
        signal = outlook.signal(block)
        sale = sale_of(outlook, block, over(cost), self.bidders)
        if signal is None or sale is None:
            return value
        later = discount(self.discount_rate, block - view.slot)
        return int(later * sale.bid(signal, auction.format in PAID_AS_BID))
