"""The metrics of a sweep: which there are, what they are, and which are shown first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from experiments.lab.metrics.registry import BY_NAME
from experiments.lab.report.sweep.sweep_source import SweepFolder

FIRST = (
    "capture",
    "capture_expected",
    "efficiency",
    "hhi",
    "mean_price",
    "hhi_holdings",
    "top_share",
    "sale_block",
    "participation_secondary",
    "volatility",
)
"""What a reader wants first, most wanted first."""

MOST_FIRST = 5


class Described(NamedTuple):
    """A metric on the page. `id` names its figure and its columns."""

    id: str
    name: str
    unit: str
    meaning: str
    is_first: bool

    @property
    def words(self) -> str:
        """What it is called; one of the user's own by its name."""
        return BY_NAME[self.name].words if self.name in BY_NAME else self.name

    @property
    def label(self) -> str:
        """What stands below its words: its name, where that is another, and its unit."""
        parts = [self.name if self.words != self.name else "", self.unit]
        return ", ".join(part for part in parts if part)


def metrics_of(sweep: SweepFolder) -> list[Described]:
    """The metrics that have a mean somewhere: those shown first in front, then all others in their own order."""
    names = list(dict.fromkeys(name for point in sweep.points for name in point.metrics))
    there = [name for name in names if any(point.value(name, "mean") is not None for point in sweep.points)]
    first = shown_first(sweep, there)
    others = [name for name in there if name not in first]
    found = []
    for number, name in enumerate([*first, *others]):
        unit = ""
        meaning = ""
        if name in BY_NAME:
            unit = BY_NAME[name].screen_unit
            meaning = f"{BY_NAME[name].words}: {BY_NAME[name].formula}"
        found.append(Described(f"metric-{number}", name, unit, meaning, name in first))
    return found


def shown_first(sweep: SweepFolder, names: Sequence[str]) -> list[str]:
    """A handful: of those that change over the sweep the most wanted; where nothing changes, whatever there is."""
    ranked = [*(name for name in FIRST if name in names), *(name for name in names if name not in FIRST)]
    changing = [name for name in ranked if changes(sweep, name)]
    return (changing or ranked)[:MOST_FIRST]


def changes(sweep: SweepFolder, name: str) -> bool:
    """Whether a metric differs between points, or between the runs of one."""
    means = {point.value(name, "mean") for point in sweep.points} - {None}
    return len(means) > 1 or any(point.value(name, "sd") for point in sweep.points)
