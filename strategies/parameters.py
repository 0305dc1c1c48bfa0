"""Checks of strategies' parameters: an error names the parameter, the value and what a right one is."""

from __future__ import annotations

import math


def between(name: str, value: float, low: float, high: float = math.inf) -> float:
    """`value`, if it lies in `low … high`; else `ValueError`."""
    if not low <= value <= high:
        upper = "" if math.isinf(high) else f" and at most {high:g}"
        raise ValueError(f"{name} is {value!r}; it must be at least {low:g}{upper}")
    return value


def one_of(name: str, value: str, choices: tuple[str, ...]) -> str:
    """`value`, if it is one of `choices`; else `ValueError`."""
    if value not in choices:
        raise ValueError(f"{name} is {value!r}; it must be one of {', '.join(choices)}")
    return value
