"""Prices by slot: mean, volatility, variance of changes.

A price series holds one price for each slot: that which the protocol posts at its end; where it posts none, that
of the slot's last sale, carried forward through slots without one. Every function takes it in any unit of money.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from chain.money import gwei_to_eth
from experiments.lab.metrics.averages import mean
from experiments.lab.metrics.columns import Columns, Floats, having, numbers

EPOCH = 32  # slots


def series(trades: Columns, blocks: int, market: str = "primary") -> Floats:
    """The price at the end of slots 0 … blocks − 1, ETH; NaN before the first sale. The last price of genesis
    is the one that slot 0 begins with.
    """
    sold = having(trades["market"], market)
    prices = np.full(blocks + 1, np.nan)
    prices[numbers(trades["slot"])[sold].astype(int) + 1] = numbers(trades["price_gwei"])[sold]
    latest = np.maximum.accumulate(np.where(np.isnan(prices), 0, np.arange(blocks + 1)))
    return np.asarray(gwei_to_eth(prices[latest])[1:])  # type: ignore[arg-type, index]


def posted(signals: Columns) -> Floats | None:
    """The price that the protocol posts at the end of each slot, ETH; None where it posts none."""
    quotes = numbers(signals["quote_gwei"])
    return None if np.isnan(quotes).all() else np.asarray(gwei_to_eth(quotes))  # type: ignore[arg-type]


def held_before_sale(blocks: Columns, trades: Columns) -> Floats:
    """The tickets that participants hold in each slot once its block is settled, before the sale that follows."""
    slots = numbers(trades["slot"])[having(trades["market"], "primary")]
    sold = np.bincount(slots[slots >= 0].astype(int), minlength=len(blocks["slot"]))
    return np.asarray(numbers(blocks["held"]) - sold)


def sale_mean(trades: Columns, market: str) -> float | None:
    """The mean price of a sale in a market, ETH."""
    sold = having(trades["market"], market)
    return mean(numbers(trades["price_gwei"])[sold] / 1e9)


def log_returns(prices: Any) -> Floats:
    """ln(p_t / p_(t−1)) from slot to slot, between prices above 0."""
    given = numbers(prices)
    before = given[:-1]
    after = given[1:]
    there = (before > 0) & (after > 0)
    return np.log(after[there] / before[there])


def volatility(prices: Any) -> float | None:
    """The standard deviation of the log returns, per slot (n − 1 in the denominator); None for fewer than two."""
    returns = log_returns(prices)
    if returns.size > 1:
        return float(returns.std(ddof=1))
    return None


def change_variance(prices: Any) -> float | None:
    """The population variance of the slot-to-slot price change, in the square of the price's unit."""
    changes = np.diff(numbers(prices))
    changes = changes[~np.isnan(changes)]
    if changes.size:
        return float(changes.var())
    return None


def ohlc(prices: Any, epoch: int = EPOCH) -> Floats:
    """Open, high, low and close of every epoch: a row each. The last epoch may be shorter; one that begins
    without a price begins at its first price; one without any is left out. Raises `ValueError` for an epoch
    below 1 slot.
    """
    if epoch < 1:
        raise ValueError(f"epoch is {epoch}; it must be at least 1 slot")
    given = numbers(prices)
    parts = [given[first : first + epoch] for first in range(0, given.size, epoch)]
    known = [part[~np.isnan(part)] for part in parts]
    rows = [(part[0], part.max(), part.min(), part[-1]) for part in known if part.size]
    return np.array(rows, float).reshape(-1, 4)


def garman_klass(prices: Any, epoch: int = EPOCH) -> float | None:
    """Volatility by epoch, sqrt(mean[½ ln²(H/L) − (2 ln 2 − 1) ln²(C/O)]) (Garman and Klass 1980), with the
    prices at the end of each slot. Epochs with a price of 0 are left out.
    """
    bars = ohlc(prices, epoch)
    opened, high, low, closed = bars[bars[:, 2] > 0].T
    if not opened.size:
        return None
    ranges = np.log(high / low) ** 2
    drifts = np.log(closed / opened) ** 2
    return float(np.sqrt((ranges / 2 - (2 * np.log(2) - 1) * drifts).mean()))
