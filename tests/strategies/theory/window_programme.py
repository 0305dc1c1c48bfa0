"""A window's dynamic programme by other means than the solver's: bare interpolation, even nodes, drawn tickets.

It shares no code with `strategies.theory`. Costs are uniform, log rewards AR(1) from their mean, buyers know their
costs and pay K to bid in a second-price auction without a reserve.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.ndimage import map_coordinates

Array = npt.NDArray[np.float64]
STATES, COSTS, NODES, REACH = 801, 241, 161, 6.5


@dataclass
class Programme:
    """`maturity` T, `buyers` n, `entry_cost` K, discount rate `rate`, costs on [`low`, `high`]; mean reward 1."""

    maturity: int
    entry_cost: float
    buyers: int = 4
    rate: float = 0.005
    low: float = 0.1
    high: float = 0.9
    phi: float = 0.9
    sigma: float = 0.2

    def __post_init__(self) -> None:
        sd = self.sigma / np.sqrt(1 - self.phi**2)
        self.mean_log = -(sd**2) / 2
        self.logs = self.mean_log + np.linspace(-REACH, REACH, STATES) * sd
        self.costs = np.linspace(self.low, self.high, COSTS)
        self.node = np.linspace(-REACH, REACH, NODES)
        self.weight = np.exp(-(self.node**2) / 2) / np.exp(-(self.node**2) / 2).sum()
        self.windows = [
            np.maximum(np.exp(self.logs)[:, None] - self.costs, 0.0)
        ]  # W_t by reward and cost, from T back
        self.waits = [np.zeros((STATES, COSTS))]
        for _ in range(self.maturity):
            wait = self.ahead(self.windows[0]) / (1 + self.rate)
            self.waits.insert(0, wait)
            self.windows.insert(0, np.maximum(np.exp(self.logs)[:, None] - self.costs, wait))
        self.sales, self.thresholds = zip(*map(self.sale, self.windows), strict=True)

    def ahead(self, values: Array) -> Array:
        """E[values(x')| x] for the log rewards of the grid, linear between them."""
        centre = self.mean_log + self.phi * (self.logs - self.mean_log)
        step = self.logs[1] - self.logs[0]
        total = np.zeros(values.shape)
        for node, weight in zip(self.node, self.weight, strict=True):
            place = np.clip((centre + self.sigma * node - self.logs[0]) / step, 0, STATES - 1.000001)
            below = place.astype(int)
            part = (place - below).reshape(-1, *[1] * (values.ndim - 1))
            total += weight * ((1 - part) * values[below] + part * values[below + 1])
        return total

    def sale(self, window: Array) -> tuple[Array, Array]:
        """What a sale brings in each state, and the rank of the last cost that enters, in [0, 1]."""
        rank = (self.costs - self.low) / (self.high - self.low)
        n = self.buyers
        enters = window * (1 - rank) ** (n - 1) - self.entry_cost
        fine = np.linspace(0, 1, 20 * (COSTS - 1) + 1)
        revenue, last = np.zeros(STATES), np.zeros(STATES)
        for state in range(STATES):
            gain = np.interp(fine, rank, enters[state])
            inside = gain > 0 if self.entry_cost else np.interp(fine, rank, window[state]) > 0
            last[state] = fine[inside].max() if inside.any() else 0.0
            second = n * (n - 1) * fine * (1 - fine) ** (n - 2)
            worth = np.where(inside, np.interp(fine, rank, window[state]), 0.0)
            revenue[state] = np.trapezoid(second * worth, fine)
        return revenue, last

    def value(self, sales: Any = None) -> tuple[float, list[Array]]:
        """V_0, and what keeping is worth at each block."""
        sales = self.sales if sales is None else sales
        worth, keeps = sales[-1], [np.zeros(STATES)]
        for block in range(self.maturity - 1, -1, -1):
            keep = self.ahead(worth) / (1 + self.rate)
            keeps.insert(0, keep)
            worth = np.maximum(sales[block], keep)
        return float(np.interp(self.mean_log, self.logs, worth)), keeps

    def gain(self) -> float:
        """What the best sale of the window brings over the best spot auction, a share of the latter."""
        spot = [self.sale(np.maximum(np.exp(self.logs)[:, None] - self.costs, 0.0))[0]] * (self.maturity + 1)
        return self.value()[0] / self.value(spot)[0] - 1

    def played(self, tickets: int, seed: int) -> dict[str, float]:
        """Tickets drawn and sold by the policy: shares and means."""
        rng = np.random.default_rng(seed)
        keeps = self.value()[1]
        log = np.full(tickets, self.mean_log)
        cost = self.low + (self.high - self.low) * rng.random((tickets, self.buyers)).min(axis=1)
        tried, sold, used = (np.full(tickets, -1) for _ in range(3))
        for block in range(self.maturity + 1):
            if block:
                log = self.mean_log + self.phi * (log - self.mean_log) + self.sigma * rng.standard_normal(tickets)
            gain = np.interp(log, self.logs, self.sales[block] - keeps[block])
            now = (tried < 0) & ((gain >= 0) if block < self.maturity else True)
            tried[now] = block
            last = np.interp(log, self.logs, self.thresholds[block])
            finds = now & ((cost - self.low) / (self.high - self.low) < last)
            sold[finds] = block
            place = [
                (log - self.logs[0]) / (self.logs[1] - self.logs[0]),
                (cost - self.low) / (self.costs[1] - self.low),
            ]
            wait = map_coordinates(self.waits[block], place, order=1, mode="nearest")
            used[(sold >= 0) & (used < 0) & (np.exp(log) - cost >= wait)] = block
        found = sold >= 0
        return {
            "tried_at_the_end": float((tried == self.maturity).mean()),
            "mean_block_tried": float(tried.mean()),
            "found_a_buyer": float(found.mean()),
            "at_once": float((used == sold)[found].mean()),
            "never": float((used < 0)[found].mean()),
        }
