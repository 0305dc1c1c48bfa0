"""What was measured of the express lane, beside what is simulated. It came in after the prediction was kept.

Sources: Öz, Schlegel and Mamageishvili (2026, arXiv 2603.20175) for the time with the hub; Mamageishvili and
others (2025, arXiv 2511.18328) for bids and values; arXiv 2509.22143 and 2512.23386; third parties.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from experiments.lab.study.lane.lane_calibration import READINGS, LaneSignals
from experiments.lab.study.lane.withdrawal import Minute, after_hub

AFTER = 0.148
"""The price as a share of the top bid, with the hub."""

DEAREST = 4.0
"""The highest cost of a bid that is looked at, shares of E V."""


class Measured(NamedTuple):
    """A row: the figure, what was published of it, from where; the regime and figure that answer it, over another
    where it is a ratio; whether that was put in, or is predicted."""

    figure: str
    published: str
    source: str
    regime: str
    name: str
    how: str
    per: float = 1.0


WITH_HUB = ("the hub", "the hub, and buyers out")


def spoken(reserve: float, read_as: str) -> list[Measured]:
    """The rows that the model can speak to. `reserve` in E V; `read_as`: the reading that was put in."""
    return [*(row for reading in READINGS for row in of_reading(reading, read_as)), *before(), *after(reserve)]


def of_reading(reading: str, read_as: str) -> list[Measured]:
    """The price's share of the top bid."""
    how = "put in" if reading == read_as else "follows"
    share = f"price / top bid, {{}}, {reading}"
    first = Measured(share.format("before"), "62.7 %", "2603.20175", "before the hub", reading, how)
    said = ("14.8 %", "2603.20175")
    return [first, *(Measured(share.format("after"), *said, one, reading, "predicted") for one in WITH_HUB)]


def before() -> list[Measured]:
    """What else was seen before the hub."""
    told = ("about .32", "2511.18328, third party", "before the hub", "correlation", "put in")
    return [
        Measured("correlation of the paid bid and the value", *told),
        Measured("the same of the top bid", "a little lower", "2511.18328", "before the hub", "top", "predicted"),
        Measured("wins of two, before", "over 90 %", "2509.22143", "before the hub", "wins", "predicted"),
    ]


def after(reserve: float) -> list[Measured]:
    """What else was seen with it."""
    made = "profit before payments, share of the best"
    similar = ("of similar size before and after", "2603.20175")
    rows = [Measured(made, *similar, one, "efficiency", "predicted") for one in ("before the hub", *WITH_HUB)]
    for one in WITH_HUB:
        still = ("bids no longer rise with volatility", "2603.20175", one, "correlation", "predicted")
        rows.append(Measured("how the price goes along with the value, after", *still))
        paid = ("one to two", "forum, arithmetic", one, "price", "by hand", reserve)
        rows.append(Measured("price after, in reserves", *paid))
    return rows


UNSPOKEN = {
    "bids below risk-neutral value (2512.23386)": "all are risk neutral here",
    "revenue in $ a minute (forum)": "E V in $, and the ETH price of each minute, are not known",
    "share of arbitrage captured, 1.74 % (third party)": "other chains and other orders are not in the model",
    "three entities' share of wins, 97 %": "how many there are is put in",
    "bids and bidders a minute, surplus by day (the study's notebook)": "its figures are not published",
    "trailing average x .9, median x 1.15 (third party)": "these buyers play no rules of thumb; trailing does",
    "which part of the fall belongs to the reserve": "hub and reserve changed within twelve days",
}
"""The rows that it cannot, and why."""


def compared(values: Mapping[str, float], reserve: float, read_as: str) -> Iterator[dict[str, Any]]:
    """Each row beside what was simulated, with its interval (95 percent)."""
    for one in spoken(reserve, read_as):
        key = f"{one.regime}.{one.name}"
        yield {
            "figure": one.figure,
            "published": one.published,
            "source": one.source,
            "regime": one.regime,
            "simulated": values[key] / one.per,
            "±": values[f"{key} ±"] / one.per,
            "how": one.how,
        }
    for figure, why in UNSPOKEN.items():
        yield {"figure": figure, "simulated": np.nan, "how": f"not in the model: {why}"}


def costs_that_bring_it(signals: LaneSignals, minute: Minute) -> dict[str, float]:
    """The cost of a bid at which the share is what was measured, by reading; none where the fringe bids more, or
    where it jumps over that."""
    return {
        f"cost that brings the measured share, {reading}": cost_at(signals, minute, reading)
        for reading in ("mean", "ratio_of_sums")
    }


def cost_at(signals: LaneSignals, minute: Minute, reading: str) -> float:
    """The same of one reading; NaN where there is none."""
    low, high = 0.0, DEAREST
    if getattr(after_hub(signals, minute._replace(cost=high)), reading) > AFTER:
        return float("nan")
    for _ in range(24):
        middle = (low + high) / 2
        share = getattr(after_hub(signals, minute._replace(cost=middle)), reading)
        low, high = (middle, high) if share > AFTER else (low, middle)
    return high
