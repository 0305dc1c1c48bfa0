"""One figure of a run: what it is called, in which unit, how it is taken, and in what range it lies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from experiments.lab.metrics.tables import Tables

SHARE = "share"
"""The unit of fractions: from 0 to 1 in data, in percent on a screen."""

OWN = "et-testbed"
"""The source of a formula that is nobody else's."""

Take = Callable[[Tables], float | None]
Range = tuple[float | None, float | None]

ANY: Range = (None, None)
POSITIVE: Range = (0, None)
PART: Range = (0, 1)
"""Of a share that is part of a whole."""


class Metric(NamedTuple):
    """One figure of a run. `take` gives it, or None where the run has nothing to take it of; `range` is the least
    and the greatest that it can be, None where there is no bound.
    """

    name: str
    words: str
    unit: str
    formula: str
    take: Take
    range: Range = POSITIVE
    source: str = OWN

    @property
    def screen_unit(self) -> str:
        """The unit in which people see it."""
        return "%" if self.unit == SHARE else self.unit

    @property
    def screen_scale(self) -> float:
        """By what its value is multiplied for them."""
        return 100.0 if self.unit == SHARE else 1.0

    @property
    def bounds(self) -> str:
        """The range in words."""
        low, high = ("" if end is None else f"{end:,}" for end in self.range)
        if low and high:
            return f"{low} to {high}"
        return f"≥ {low}" if low else f"≤ {high}" if high else "any"

    def told(self) -> dict[str, Any]:
        """All but the function, as JSON has it."""
        return {
            "name": self.name,
            "words": self.words,
            "unit": self.unit,
            "formula": self.formula,
            "source": self.source,
            "range": list(self.range),
        }


def shown(metric: Metric, value: float | None) -> str:
    """A value as a person reads it: a share in percent, a dash where there is none."""
    if value is None:
        return "–"
    if metric.unit == SHARE:
        return f"{100 * value:z,.2f} %"
    if float(value).is_integer():
        return f"{value:z,.0f}"
    return f"{value:z,.4f}" if abs(value) < 100 else f"{value:z,.1f}"
