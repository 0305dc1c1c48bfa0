"""Standard errors of means over tickets."""

from __future__ import annotations

import math

import numpy as np

from strategies.theory.laws import Array

ROUNDING = 1e-9 / math.sqrt(12)
"""Standard deviation of what is lost or won by paying in whole Gwei, ETH."""


def standard_error(values: Array) -> float:
    """Of the mean of independent values; that the ledger rounds each to `ROUNDING` ETH counts too."""
    return math.hypot(float(values.std(ddof=1)) / math.sqrt(values.size), ROUNDING)


def batched_error(values: Array, supply: int) -> float:
    """Of the mean of values of tickets from one urn of `supply`, by means of batches of consecutive tickets.

    Tickets are drawn in each other's place, so that neighbours are not independent; batches of several urns hardly
    depend on each other (batch means, Law and Kelton). Where that leaves fewer than 10 batches, 10 are taken.
    """
    return standard_error(np.array([batch.mean() for batch in batches_of(values, supply)]))


def batches_of(values: Array, supply: int) -> list[Array]:
    """Batches of eight urns or more, 100 at the most."""
    return np.array_split(values, min(max(values.size // (8 * supply), 10), 100, values.size))
