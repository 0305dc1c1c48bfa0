"""Makes a market and leans against its inventory."""

from __future__ import annotations

import math

from chain.money import GWEI_PER_ETH
from chain.ticket import NEVER, Series
from market.view import View
from strategies.buyers.market_maker import MarketMaker
from strategies.parameters import between
from strategies.valuation import sale_value


class AvellanedaStoikov(MarketMaker):
    """Quotes around a reservation price that falls with each ticket held, over the time left to maturity
    (Avellaneda and Stoikov 2008): r = s − q γ σ² τ, bid and ask at r ∓ (γ σ² τ/2 + ln(1 + γ/k)/γ), s what a sale
    is expected to bring, q the tickets held, τ blocks to the expiry (N, the mean wait for a draw, where there is
    none).
    """

    def __init__(
        self,
        risk_aversion: float = 0.5,
        volatility: float = 0.01,
        intensity: float = 100.0,
        inventory: int = 4,
        series: int = 4,
        discount_rate: float = 0.0,
    ) -> None:
        """`risk_aversion` γ, per ETH; `volatility` σ of the price, ETH a square root of a block; `intensity` k: by
        how much orders thin out with the distance from s, per ETH; the rest as in `market_maker`."""
        super().__init__(0.0, inventory, series, discount_rate)
        self.risk_aversion = between("risk_aversion", risk_aversion, 1e-9)
        self.volatility = between("volatility", volatility, 0)
        self.intensity = between("intensity", intensity, 1e-9)

    def quotes(self, view: View, series: Series) -> tuple[int, int]:
        time = self.setup.supply * self.setup.round
        if series.block != NEVER:
            time = max(series.block - view.slot, 0)
        risk = self.risk_aversion * self.volatility**2 * time
        half = risk / 2 + math.log1p(self.risk_aversion / self.intensity) / self.risk_aversion
        middle = sale_value(view, self.setup, series, self.discount_rate) / GWEI_PER_ETH
        middle -= len(view.tickets) * risk
        return tuple(max(int((middle + way * half) * GWEI_PER_ETH), 0) for way in (-1, 1))  # type: ignore[return-value]
