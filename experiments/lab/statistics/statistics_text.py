"""How a figure and its uncertainty look in text."""

from __future__ import annotations

from experiments.lab.statistics.sample_statistics import Statistics

INTERVALS = "mean and its 95 % interval; median, its interval and the level of that"


def cell(statistics: Statistics | None, scale: float = 1) -> str:
    """A figure's mean and median with their intervals; a dash where there is none."""
    if statistics is None:
        return "–"
    return "\n".join(told(statistics, scale))


def told(statistics: Statistics, scale: float = 1) -> list[str]:
    """Mean and median, each with its interval and what is to be known of that; `scale` is a unit's. The median is
    first where the mean has no interval; of a single run there is but one figure."""
    if statistics["median_low"] is None:
        return [short(scale * statistics["mean"])]
    mean = f"mean {short(scale * statistics['mean'])} {mean_ends(statistics, scale)}"
    median = f"median {short(scale * statistics['median'])} {median_ends(statistics, scale)}"
    if statistics["low"] is None:
        return [median, mean]
    return [mean, median]


def mean_ends(statistics: Statistics, scale: float) -> str:
    """The interval of the mean, and that it is rough or not there."""
    if statistics["low"] is None or statistics["high"] is None:
        return "(no interval)"
    ends = bracket(scale * statistics["low"], scale * statistics["high"])
    if statistics["rough"]:
        return f"{ends} rough"
    return ends


def median_ends(statistics: Statistics, scale: float) -> str:
    """The interval of the median, and its level."""
    low, high, level = statistics["median_low"], statistics["median_high"], statistics["median_level"]
    if low is None or high is None or level is None:
        return ""
    return f"{bracket(scale * low, scale * high)} {percent(level)}"


def percent(level: float) -> str:
    """`93.75 %`, `97.9 %`."""
    return f"{100 * level:z.4g} %"


def bracket(low: float, high: float) -> str:
    """An interval."""
    return f"[{short(low)}, {short(high)}]"


def short(value: float | None) -> str:
    """A number to four digits."""
    if value is None:
        return "–"
    if abs(value) < 10_000:
        return f"{value:z,.4g}"
    return f"{value:z,.0f}"
