"""The ends of a law on an interval."""

from __future__ import annotations


def check_interval(low: float, high: float) -> None:
    """Raises `ValueError` where the lowest θ is above the highest."""
    if low > high:
        raise ValueError(f"low is {low}, above high, {high}")
