"""Means and ratios that are None where there is nothing to take them of."""

from __future__ import annotations

from math import isfinite
from typing import Any

import numpy as np

from experiments.lab.metrics.columns import numbers


def ratio(part: float, whole: float) -> float | None:
    """part / whole; None where the whole is 0, or so near to it that no number is as large as the ratio."""
    if whole and isfinite(found := float(part / whole)):
        return found
    return None


def mean(values: Any) -> float | None:
    """The mean of the values that are there."""
    there = present(values)
    if there.size:
        return float(there.mean())
    return None


def median(values: Any) -> float | None:
    """The median of the values that are there."""
    there = present(values)
    if there.size:
        return float(np.median(there))
    return None


def maximum(values: Any) -> float | None:
    """The greatest of the values that are there."""
    there = present(values)
    if there.size:
        return float(there.max())
    return None


def present(values: Any) -> Any:
    """The values that are not missing."""
    given = numbers(values)
    return given[~np.isnan(given)]
