"""How a figure and its uncertainty look in text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from experiments.lab.statistics.sample_statistics import Statistics

INTERVALS = "mean and its 95 % interval; median, its interval and the level of that"


def cell(statistics: Statistics | None, scale: float = 1) -> str:
    """A figure's mean and median with their intervals, in lines that are short enough for a narrow column; a dash
    where there is none."""
    if statistics is None:
        return "–"
    lines = "\n".join(told(statistics, scale))
    return lines.replace(" [", "\n[").replace(" (", "\n(").replace("] ", "]\n")


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


def reasons(samples: Mapping[str, Iterable[Mapping[str, Any]]]) -> list[str]:
    """Why means have no interval, or a rough one, at the first of a figure's `Statistics` where that is so.
    Figures of which the same is to be said are named together."""
    found: dict[str, list[str]] = {}
    for name, all_found in samples.items():
        doubtful = [own for own in all_found if own.get("reason") and own.get("median_low") is not None]
        for own in sorted(doubtful, key=lambda own: bool(own["rough"]))[:1]:
            what = "rough" if own["rough"] else "no interval"
            found.setdefault(f"{what}: {own['reason']}", []).append(name)
    return [f"{', '.join(names)}, {why}" for why, names in found.items()]


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
