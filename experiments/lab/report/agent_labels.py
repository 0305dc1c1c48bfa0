"""Agents in figures: their names, and the many small ones taken together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

LONGEST = 24  # characters of a name in a figure
MOST = 14  # agents in a chart of bars

Values = Mapping[str, Mapping[str, float]]
"""A value for each agent of each structure."""


def shown(name: str) -> str:
    """A name as a figure's text: short, the number at its end kept, and nothing in it taken for markup."""
    if len(name) > LONGEST:
        name = f"{name[: LONGEST - 9]}…{name[-8:]}"
    return escape(name, quote=False)


def leading(values: Values, seats: Sequence[str], most: int = MOST) -> list[str]:
    """The agents with the greatest values, of either sign, in the order of their seats."""
    size = {name: sum(abs(own.get(name, 0)) for own in values.values()) for name in seats}
    ranked = sorted(size, key=lambda name: -size[name])
    kept = set(ranked[:most])
    return [name for name in seats if name in kept]


def folded(values: Mapping[str, float], kept: Sequence[str], seats: Sequence[str]) -> list[float]:
    """The values of the agents in `kept`, and at the end, where there are others, their sum."""
    rest = set(seats) - set(kept)
    own = [values.get(name, 0) for name in kept]
    if rest:
        own.append(sum(value for name, value in values.items() if name in rest))
    return own


def labels(kept: Sequence[str], seats: Sequence[str]) -> list[str]:
    """The names that belong to `folded`."""
    others = len(seats) - len(kept)
    own = [shown(name) for name in kept]
    if others:
        own.append(f"{others:,} others")
    return own
