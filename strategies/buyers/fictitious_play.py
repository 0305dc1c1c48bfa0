"""Answers the prices of the past."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np

from market.auctions import PAID_AS_BID
from market.intents import Intent
from market.view import AuctionView, View
from strategies.buyers.bidder import Bidder
from strategies.parameters import between
from strategies.setup import Setup


class FictitiousPlay(Bidder):
    """Where one pays as bid, bids the best answer to past prices, as if the next one to beat were one of them
    (Brown 1951): the b with the greatest (v − b) F(b), F their distribution. Else it bids its value."""

    def __init__(self, memory: int = 200, discount_rate: float = 0.0) -> None:
        """`memory`: how many past prices to answer to; `discount_rate` per block."""
        super().__init__(discount_rate)
        self.memory = int(between("memory", memory, 1, 1_000_000))

    def start(self, setup: Setup) -> None:
        super().start(setup)
        self.prices: deque[int] = deque(maxlen=self.memory)
        self.own: set[int] = set()

    def bid(self, view: View) -> Sequence[Intent]:
        """A price that is one's own bid tells nothing of the others."""
        last = view.market.last_price_gwei
        if last is not None and last not in self.own and (not self.prices or last != self.prices[-1]):
            self.prices.append(last)
        self.own = set()
        return super().bid(view)

    def price(self, view: View, auction: AuctionView, value: int) -> int:  # noqa: ARG002
        if auction.format not in PAID_AS_BID or not self.prices:
            return value
        answer = self.best_answer(value)
        self.own.add(answer)
        return answer

    def best_answer(self, value: int) -> int:
        """One Gwei above the best of the past prices to beat."""
        prices = np.sort(np.array(self.prices))
        gains = (value - prices) * np.arange(1, len(prices) + 1)
        best = int(np.argmax(gains))
        if gains[best] > 0:
            return int(prices[best]) + 1
        return value
