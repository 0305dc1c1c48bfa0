"""Revenue by how many hubs there are, what a bid costs and the reserve, where nobody knows more than the law."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from experiments.lab.study.lane.lane_calibration import BUYERS, LaneSignals, resold
from experiments.lab.study.lane.withdrawal import PLACES
from strategies.theory.laws import Array
from strategies.theory.resold_blocks import Worths, plain
from strategies.theory.round_entry import Tenderers, entry, outcome

HUBS = (0, 1, 2, 3)


def at_best(value: Array, private: float) -> Array:
    """E[(V − θ_(1))^+] at each V, θ_(1) the lower cost of two, uniform on [0, h]."""
    if private == 0:
        return value
    low = np.minimum(value, private)
    return value * (2 * low / private - (low / private) ** 2) - low**2 / private + 2 * low**3 / (3 * private**2)


def minute_worths(signals: LaneSignals, private: float) -> Worths:
    """What a minute is worth to whom, in shares of E V; one that nobody bought is empty."""
    weight = np.exp(-(PLACES**2) / 2)
    value = np.exp(signals.value_sd * PLACES - signals.value_sd**2 / 2)
    best, second = (float(part(value, private) @ weight / weight.sum()) for part in (at_best, resold))
    return replace(plain(best, (best - second) / BUYERS, BUYERS), best=best)


def revenue_by_hubs(
    signals: LaneSignals, private: float, cost: float, hub_cost: float, reserve: float
) -> dict[int, float]:
    """By the number of hubs, what a bid costs a buyer, and a hub. Source: MODEL section 9, P8."""
    worth = minute_worths(signals, private)
    contests = {count: Tenderers(worth, BUYERS, count, reserve, cost, hub_cost) for count in HUBS}
    return {count: outcome(contest, entry(contest)).price for count, contest in contests.items()}
