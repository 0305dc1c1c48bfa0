"""What a page shows of a figure: mean with its interval or, where it has none, median; the other one below."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any, NamedTuple

from experiments.lab.report.table import number
from experiments.lab.statistics import SURE

Measured = Mapping[str, Any]
"""What many runs say of a figure (`experiments.lab.statistics.Statistics`); empty where there is nothing."""

ENDS = {"mean": ("low", "high", "level"), "median": ("median_low", "median_high", "median_level")}
"""Of mean and median the statistics that are the ends of their intervals, and the level of these."""


class ShownFigure(NamedTuple):
    """A `mean` or a `median`, the ends of its interval, and the level of that; None where there is none."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    level: float | None

    @property
    def interval(self) -> str:
        """`1.2 to 1.4`, or nothing."""
        if self.low is None or self.high is None:
            return ""
        return f"{number(self.low)} to {number(self.high)}"

    @property
    def percent(self) -> str:
        """The level: `93.75 %`."""
        return f"{100 * (self.level or 0):z.4g} %"

    @property
    def is_clear(self) -> bool:
        """Whether the interval is sure enough and does not hold 0."""
        if self.low is None or self.high is None or (self.level or 0.0) < SURE:
            return False
        return not self.low <= 0 <= self.high

    def times(self, unit: float) -> ShownFigure:
        """The same in another unit."""
        value, low, high = (None if own is None else unit * own for own in (self.value, self.low, self.high))
        return self._replace(value=value, low=low, high=high)


def finite(value: object) -> float | None:
    """A number; None for all else."""
    if isinstance(value, int | float) and math.isfinite(value):
        return float(value)
    return None


def estimate(found: Measured, name: str) -> ShownFigure:
    """The `mean` or the `median` of a figure."""
    return ShownFigure(name, *(finite(found.get(own)) for own in (name, *ENDS[name])))


def lacks_interval(found: Measured) -> bool:
    """Whether the mean has no interval, though there are runs enough for the median's."""
    return found.get("low") is None and found.get("median_low") is not None


def leading(all_found: Iterable[Measured]) -> str:
    """Which of the two is shown first: the median where the mean of any of these lacks its interval."""
    if any(map(lacks_interval, all_found)):
        return "median"
    return "mean"


def first_estimate(found: Measured) -> ShownFigure:
    """The one that is shown first."""
    return estimate(found, leading([found]))


def both(found: Measured) -> str:
    """Mean and median with their intervals, as HTML."""
    return f"{number(first_estimate(found).value)}{small_print(found)}"


def both_marked(found: Measured) -> str:
    """The same of a difference, in bold where it is more than chance."""
    first = first_estimate(found)
    if first.is_clear:
        return f"<b>{number(first.value)}</b>{small_print(found)}"
    return both(found)


def small_print(found: Measured) -> str:
    """The interval of the figure in large print, and the other figure; nothing of a single run."""
    mean, median = estimate(found, "mean"), estimate(found, "median")
    if not median.interval:
        return ""
    if lacks_interval(found):
        none = f"mean {number(mean.value)}, {explained(found, 'no interval')}"
        return f"<small>median, {median.interval}, {median.percent}</small><small>{none}</small>"
    rough = ""
    if found.get("rough"):
        rough = f", {explained(found, 'rough')}"
    below = f"median {number(median.value)}, {median.interval}, {median.percent}"
    return f"<small>{mean.interval}{rough}</small><small>{below}</small>"


def explained(found: Measured, word: str) -> str:
    """A word whose reason the pointer shows."""
    return f'<abbr title="{escape(str(found.get("reason")))}">{word}</abbr>'
