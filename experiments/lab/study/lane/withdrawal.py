"""Whether a bidder stays out where a hub bids: what it gains by bidding, and what comes of all that bid.

A hub bids H = E[(V − θ_(2))^+], what the minute brings when it is sold on; a bidder with a signal bids its own
expectation X of the same where that pays the cost of bidding. All in shares of E V, on draws that all cases share.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from experiments.lab.study.lane.lane_calibration import BUYERS, LaneSignals, brought, resold
from strategies.theory.laws import Array

DRAWS = 100_000
PLACES = np.linspace(-8.0, 8.0, 257)
"""Standard deviations at which an expectation given a signal is tabulated."""

HUBS = ("no signal", "one signal", "its buyers' signals")
"""What a hub knows: what is public; a signal as good as one bidder's; what all who buy from it know."""


class Minute(NamedTuple):
    """What stands beside the signals: the private cost's range, the cost of a bid, the reserve, what the fringe
    bids as a share of H, and the share of its gain that the hub gives back."""

    private: float
    cost: float
    reserve: float
    fringe: float
    rebate: float = 0.0


class DrawnMinutes(NamedTuple):
    """Minutes: log V less its mean, and z of each bidder and of the hub, standard normal."""

    value: Array
    noise: Array
    hub: Array


@lru_cache(maxsize=1)
def draws() -> DrawnMinutes:
    """The same for all cases."""
    rng = np.random.default_rng(20)
    value = rng.standard_normal(DRAWS)
    return DrawnMinutes(value, rng.standard_normal((DRAWS, BUYERS)), rng.standard_normal(DRAWS))


def expected(signals: LaneSignals, private: float, signal: Array, count: int) -> Array:
    """E[(V − θ_(2))^+ | the mean of `count` signals is `signal`], signals less the mean of log V."""
    precision = 1 / signals.value_sd**2 + count / signals.noise**2
    share = count / signals.noise**2 / precision
    grid = np.linspace(signal.min(), signal.max(), 401)
    weight = np.exp(-(PLACES**2) / 2)
    logs = share * grid[:, None] + PLACES / np.sqrt(precision) - signals.value_sd**2 / 2
    table = brought(resold, signals, np.exp(logs), private) @ (weight / weight.sum())
    return np.asarray(np.interp(signal, grid, table))


def hub_worth(signals: LaneSignals, private: float) -> float:
    """H."""
    weight = np.exp(-(PLACES**2) / 2)
    value = np.exp(signals.value_sd * PLACES - signals.value_sd**2 / 2)
    return float(brought(resold, signals, value, private) @ weight / weight.sum())


class Seen(NamedTuple):
    """What the bidders expect of each minute, shape (minutes, bidders); what they and the hub do together of what
    the hub bids; what it bids."""

    own: Array
    with_hub: Array
    hub: Array


@lru_cache(maxsize=64)
def seen(signals: LaneSignals, private: float, hub: str) -> Seen:
    """By what the hub knows."""
    drawn = draws()
    center = signals.value_sd * drawn.value
    own = center[:, None] + signals.noise * drawn.noise
    mine = expected(signals, private, own, 1)
    if hub == "no signal":
        worth = np.full(DRAWS, hub_worth(signals, private))
        return Seen(mine, mine, worth)
    if hub == "one signal":
        other = center + signals.noise * drawn.hub
        both = expected(signals, private, (own + other[:, None]) / 2, 2)
        return Seen(mine, both, expected(signals, private, other, 1))
    worth = expected(signals, private, own.mean(axis=1), BUYERS)
    return Seen(mine, np.repeat(worth[:, None], BUYERS, axis=1), worth)


class BidGain(NamedTuple):
    """A mean and its standard error, shares of E V a minute."""

    mean: float
    se: float


def gain_of_bidding(signals: LaneSignals, minute: Minute, hub: str) -> BidGain:
    """What one gains a minute that bids as best it can where all others stay out, its rebate lost with the hub's
    gain. Against a hub with a signal of its own, it is let win wherever that pays: an upper bound."""
    know = seen(signals, minute.private, hub)
    paid = np.maximum(minute.reserve, minute.fringe * know.hub)
    back = minute.rebate * np.maximum(know.hub - paid, 0.0) / BUYERS
    won = np.maximum(know.with_hub[:, 0] - know.hub - back - minute.cost, 0.0)
    return BidGain(float(won.mean()), float(won.std() / np.sqrt(DRAWS)))


def cost_that_keeps_out(signals: LaneSignals, minute: Minute, hub: str, gain: float) -> float:
    """The cost of a bid at which bidding gains no more than so much a minute."""
    low, high = 0.0, 4.0
    for _ in range(40):
        middle = (low + high) / 2
        if gain_of_bidding(signals, minute._replace(cost=middle), hub).mean > gain:
            low = middle
        else:
            high = middle
    return high


class After(NamedTuple):
    """What comes of it where each bids that expects to gain its cost from the hub: the price over the top bid,
    in three readings; the price, and the share of minutes in which a bidder bids."""

    median: float
    mean: float
    ratio_of_sums: float
    price: float
    bidding: float


def after_hub(signals: LaneSignals, minute: Minute, hub: str = "no signal") -> After:
    """Each takes the hub for one that knows no more than the law."""
    know = seen(signals, minute.private, hub)
    level = hub_worth(signals, minute.private)
    paid = np.maximum(minute.reserve, minute.fringe * level)
    bids = know.own - minute.rebate * max(level - paid, 0.0) / BUYERS
    bids = np.where(bids - level >= minute.cost, bids, 0.0)
    fringe = np.full(DRAWS, minute.fringe * level)
    ranked = np.sort(np.column_stack([bids, know.hub, fringe]), axis=1)
    price, top = np.maximum(ranked[:, -2], minute.reserve), ranked[:, -1]
    ratio = price / top
    return After(
        float(np.median(ratio)),
        float(ratio.mean()),
        float(price.sum() / top.sum()),
        float(price.mean()),
        float((bids > 0).mean()),
    )
