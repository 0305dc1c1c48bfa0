"""A figure and its uncertainty as a cell of a table."""

from __future__ import annotations

from experiments.lab.statistics import Statistics
from experiments.lab.statistics.statistics_text import cell
from experiments.lab.terminal.sheet import Shown

PARTS = ("low", "high", "median", "median_low", "median_high", "median_level", "rough")
"""What a program reads beside the mean."""


def shown(statistics: Statistics | None, scale: float = 1, mark: str = "") -> Shown:
    """Mean and median with their intervals, `scale` times as large for people, and a mark behind the first; a dash
    where there is none."""
    if statistics is None:
        return Shown("–", {"": None})
    parts = {name: statistics[name] for name in PARTS}  # type: ignore[literal-required]
    first, *rest = cell(statistics, scale).split("\n")
    return Shown("\n".join([first + mark, *rest]), {"": statistics["mean"], **parts})
