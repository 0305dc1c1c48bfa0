"""Bids by what was paid before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import fmean, median

from chain.ticket import Series
from market.past_prices import MOST_PRICES
from market.view import AuctionView, View
from strategies.buyers.bidder import Bidder
from strategies.parameters import between, one_of

STATISTICS: Mapping[str, Callable[[Sequence[int]], float]] = {"mean": fmean, "median": median}


class Trailing(Bidder):
    """Bids `factor` times the mean or the median of the last `window` prices of the same market, tickets of the
    protocol, tickets of others or blocks; its value where that is less, and where nothing was sold yet.

    Source of the question: Mamageishvili et al. (2025), who find bids for Arbitrum's express lane close to long
    averages of its value, and far from the value of the minute that is sold.
    """

    def __init__(
        self, factor: float = 1.0, window: int = 20, statistic: str = "mean", discount_rate: float = 0.0
    ) -> None:
        """`factor` of the statistic, "mean" or "median", of so many past prices; `discount_rate` per block."""
        super().__init__(discount_rate)
        self.factor = between("factor", factor, 0)
        self.window = int(between("window", window, 1, MOST_PRICES))
        self.statistic = STATISTICS[one_of("statistic", statistic, tuple(STATISTICS))]

    def price(self, view: View, auction: AuctionView, value: int) -> int:
        return min(value, self.trend(view, auction.market, value))

    def ask_worth(self, view: View, series: Series) -> int:
        value = self.value(view, series)
        return min(value, self.trend(view, "secondary", value))

    def trend(self, view: View, market: str, otherwise: int) -> int:
        """The multiple of past prices, Gwei."""
        past = getattr(view.market.prices, market)[-self.window :]
        return int(self.factor * self.statistic(past)) if past else otherwise
