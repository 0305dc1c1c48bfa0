"""Adapts its profit margin to what is shouted."""

from __future__ import annotations

from chain.money import GWEI_PER_ETH
from chain.ticket import Series
from market.view import View
from strategies.buyers.trader import Trader
from strategies.setup import Setup

NUDGE = 0.05
"""By how much a target price lies off the shout, at most, as a share of it; and in ETH."""


class ZeroIntelligencePlus(Trader):
    """Shouts its limit plus a margin, and moves the margin towards the last price by the Widrow–Hoff rule with
    momentum (Cliff 1997, ZIP): wider where it could have dealt at a better price, narrower where others deal, or
    shout, at prices that it does not reach."""

    def start(self, setup: Setup) -> None:
        super().start(setup)
        rng = setup.rng
        self.rate = rng.uniform(0.1, 0.5)
        self.momentum = rng.uniform(0.0, 0.1)
        self.margin = float(rng.uniform(0.05, 0.35))
        self.change = 0.0
        self.last: int | None = None

    def bid_price(self, view: View, series: Series, limit: int) -> int:
        price = int(limit * (1 - self.margin))
        traded = self.news(view)
        best = view.quote(series).bid_gwei
        if traded is not None:
            way = 1
            if price >= traded:  # it could have dealt for less
                way = -1
            self.adapt(price, self.target(traded, way), limit, side=-1)
        elif best is not None and best >= price:
            self.adapt(price, self.target(best, way=1), limit, side=-1)
        return int(limit * (1 - self.margin))

    def ask_price(self, view: View, series: Series, limit: int) -> int:
        price = int(limit * (1 + self.margin))
        traded = self.news(view)
        best = view.quote(series).ask_gwei
        if traded is not None:
            way = -1
            if price <= traded:  # it could have dealt for more
                way = 1
            self.adapt(price, self.target(traded, way), limit, side=1)
        elif best is not None and best <= price:
            self.adapt(price, self.target(best, way=-1), limit, side=1)
        return int(limit * (1 + self.margin))

    def news(self, view: View) -> int | None:
        """The price of a sale that it has not heard of yet."""
        last = self.last
        self.last = view.market.last_price_gwei
        if self.last != last:
            return self.last
        return None

    def target(self, shout: int, way: int) -> float:
        """A price a little above (way 1) or below (−1) a shout, Gwei."""
        share, step = self.setup.rng.uniform(0, NUDGE, 2)
        return float(shout * (1 + way * share) + way * step * NUDGE * GWEI_PER_ETH)

    def adapt(self, price: int, target: float, limit: int, side: int) -> None:
        """One step of the margin towards a target; a buyer's (side −1) lies below its limit."""
        step = self.rate * (target - price)
        self.change = self.momentum * self.change + (1 - self.momentum) * step
        margin = 0.0
        if limit:
            margin = side * ((price + self.change) / limit - 1)
        self.margin = max(margin, 0.0)
        if side < 0:
            self.margin = min(self.margin, 1.0)
