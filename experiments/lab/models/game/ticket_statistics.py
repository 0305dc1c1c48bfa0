"""What the tickets of a play say of a price: its mean and its median, and how sure these are."""

from __future__ import annotations

import numpy as np

from experiments.lab.models.game.standard_errors import batches_of
from experiments.lab.statistics import Sampling, Statistics, describe, tail_of
from strategies.theory.laws import Array


def of_tickets(values: Array) -> Statistics:
    """Of independent tickets, each of which is one draw."""
    return describe(values, Sampling(tail=tail_of(np.abs(values))))


def of_batches(values: Array, supply: int) -> Statistics:
    """Of tickets from one urn, which are independent only batch by batch (see `batched_error`): the interval of
    the mean is that of the batches' means, that of the median of their medians."""
    batches = batches_of(values, supply)
    found = describe(
        np.array([batch.mean() for batch in batches]),
        Sampling(min(batch.size for batch in batches), tail_of(np.abs(values))),
    )
    middle = describe(np.array([np.median(batch) for batch in batches]))
    found["mean"] = float(values.mean())
    found["median"] = float(np.median(values))
    found["median_low"], found["median_high"] = middle["median_low"], middle["median_high"]
    return found
