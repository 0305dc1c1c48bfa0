"""Bids for what is worth the same to all, of which each has a signal of its own."""

from __future__ import annotations

from chain.rewards.informed import InformedOutlook
from market.auctions import PAID_AS_BID
from market.view import AuctionView, View
from strategies.buyers.bidder import Bidder
from strategies.parameters import between
from strategies.setup import Setup
from strategies.signalled_lot import Left, over, tied_bid
from strategies.valuation import certain_blocks, discount


class CommonValue(Bidder):
    """The symmetric equilibrium of Milgrom and Weber (1982) among bidders with private signals of the reward: what
    the blocks bring, given that the highest other signal ties with one's own; shaded where one pays as bid.

    It takes the signal of the block, or the round, that is for sale, and what is public: exact where no other
    signal tells of it and costs are 0 or the same for all. With a signal of each block of a round it takes all of
    them, by the rule of `theory.signalled_round`. Where it has no signal, or no rivals, it bids its value.
    """

    def __init__(self, bidders: int = 0, discount_rate: float = 0.0) -> None:
        """`bidders` with signals as good as its own, itself among them; 0: all who can exploit a block.
        `discount_rate` per block."""
        super().__init__(discount_rate)
        self.named = int(between("bidders", bidders, 0, 1_000_000))

    def start(self, setup: Setup) -> None:
        super().start(setup)
        self.bidders = self.named or setup.buyers

    def price(self, view: View, auction: AuctionView, value: int) -> int:
        outlook, series = view.outlook, auction.series
        blocks = None if series is None else certain_blocks(self.setup, series)
        if blocks is None or self.bidders < 2 or not isinstance(outlook, InformedOutlook):
            return value
        lefts = [self.left(view, block) for block in blocks]
        bid = tied_bid(outlook, blocks, lefts, self.bidders, auction.format in PAID_AS_BID)
        return value if bid is None else int(bid)

    def left(self, view: View, block: int) -> Left:
        """What a block's reward brings it now; nothing, where it cannot exploit it."""
        cost = view.cost(block)
        if cost is None:
            return over(0.0, 0)
        return over(discount(self.discount_rate, block - view.slot), cost)
