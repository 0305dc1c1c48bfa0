"""Where the points of a sweep lie from left to right, and which of them make one line."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from experiments.lab.report.agent_labels import shown
from experiments.lab.report.figure import titled
from experiments.lab.report.sweep.sweep_source import MeasuredPoint, SweepFolder, is_numeric
from experiments.lab.report.table import plain, rounded

MOST_TICKS = 8
STEP, MOST_ROOM = 0.08, 0.5  # from line to line, and for all, of the least distance between two values
WIDEST = 0.03  # from line to line, of the whole axis
ALL = "all seeds"


@dataclass(frozen=True, slots=True)
class Across:
    """The axis of one key: the place of each value, by its text, and the least distance of two places."""

    key: str
    places: Mapping[str, float]
    least: float
    is_log: bool
    is_numeric: bool

    def at(self, point: MeasuredPoint, aside: float) -> float:
        """Where a point is drawn, `aside` of its own place so that intervals do not cover each other."""
        place = self.places[value_of(point, self.key)] + aside
        return rounded(self._shown(place))

    def _shown(self, place: float) -> float:
        """The value that lies at a place."""
        if self.is_log:
            return 10**place
        return place

    def asides(self, count: int) -> list[float]:
        """How far from its own place each of `count` lines is drawn, the first on the left."""
        whole = max(self.places.values()) - min(self.places.values())
        step = min(STEP * self.least, MOST_ROOM * self.least / count, WIDEST * whole)
        return [step * (number - (count - 1) / 2) for number in range(count)]

    def layout(self) -> dict[str, Any]:
        """The axis in plotly's terms: ticks at the values where there is room for them."""
        values = sorted(self.places.values())
        room = max(0.5 * self.least, 0.03 * (values[-1] - values[0]))
        span = {"range": [values[0] - room, values[-1] + room], "zeroline": False, **titled(self.key)}
        kind = {"type": "linear"}
        if self.is_log:
            kind = {"type": "log"}
        if self.is_numeric and (len(values) > MOST_TICKS or self.least * 2 * MOST_TICKS < values[-1] - values[0]):
            return {**span, **kind}
        own = list(map(self._shown, self.places.values()))
        return {**span, **kind, "tickvals": own, "ticktext": [shown(text) for text in self.places]}


def line_of(point: MeasuredPoint, key: str) -> tuple[str, ...]:
    """Which line a point belongs to: the texts of all its parameters but `key`."""
    return tuple(plain(value) for name, value in point.parameters.items() if name != key)


def value_of(point: MeasuredPoint, key: str) -> str:
    """The value of a key at a point, as text; of a sweep over seeds alone, what all its runs are."""
    if key in point.parameters:
        return plain(point.parameters[key])
    return ALL


def across(sweep: SweepFolder) -> Across:
    """The axis of the first key with numbers that takes several values; else of the first with several, or any."""
    grid = sweep.grid
    if not grid:
        return Across("", {ALL: 0.0}, 1.0, False, False)
    several = [key for key in grid if len(grid[key]) > 1] or list(grid)
    key = next((key for key in several if is_numeric(grid[key])), several[0])
    texts = list(map(plain, grid[key]))
    if not is_numeric(grid[key]):
        return Across(key, {text: float(number) for number, text in enumerate(texts)}, 1.0, False, False)
    values = [float(value) for value in grid[key]]
    is_log = is_geometric(values)
    places = values
    if is_log:
        places = list(map(math.log10, values))
    return Across(key, dict(zip(texts, places, strict=True)), least_distance(places), is_log, True)


def is_geometric(values: Sequence[float]) -> bool:
    """Whether values are spread more evenly on a logarithmic axis, over some room."""
    if len(values) < 3 or min(values) <= 0 or max(values) < 8 * min(values):
        return False
    return unevenness([math.log10(value) for value in values]) < unevenness(values)


def unevenness(values: Sequence[float]) -> float:
    """The greatest distance between neighbours by the least."""
    distances = [high - low for low, high in pairwise(sorted(set(values)))]
    return max(distances) / min(distances)


def least_distance(places: Sequence[float]) -> float:
    """The least distance between two places; 1 where there is but one."""
    return min((high - low for low, high in pairwise(sorted(set(places)))), default=1.0)


def lines(points: Sequence[MeasuredPoint], key: str) -> dict[tuple[str, ...], list[MeasuredPoint]]:
    """The points in lines: those that differ in nothing but `key`, by the texts of their other parameters."""
    found: dict[tuple[str, ...], list[MeasuredPoint]] = {}
    for point in points:
        found.setdefault(line_of(point, key), []).append(point)
    return found
