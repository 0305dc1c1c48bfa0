"""When tickets for a window are sold, when they are exercised, and the time between, with the keys of the JSON."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from strategies.theory.laws import Array
from strategies.theory.window_fates import Fates


@dataclass(frozen=True)
class SaleAndExercise:
    """Shares of tickets; a list has one for each block 0 … T, or number of blocks.

    `tried_at`, of all tickets: the holder tries a sale at the block; `found_a_buyer` of these tries did. The rest
    is of the tickets that found a buyer, None where none did: `sold_at` and `exercised_at` by block, `waited` by
    the number of blocks between sale and exercise, `at_once` its first; `never` those that no block was worth
    taking. `at_once_of_tries` is the share of all tries. Means are in blocks; those of `exercised_at` and `waited`
    are over the tickets that were exercised, None where none was.
    """

    tried_at: list[float]
    found_a_buyer: float
    sold_at: list[float] | None
    exercised_at: list[float] | None
    waited: list[float] | None
    at_once: float | None
    at_once_of_tries: float
    never: float | None
    mean_block_tried: float
    mean_block_sold: float | None
    mean_block_exercised: float | None
    mean_wait: float | None


def sale_and_exercise(fates: Fates) -> SaleAndExercise:
    """What is said of chances, or of the shares of a sample."""
    tries = float(fates.tried.sum())
    sold = float(fates.sold.sum())
    known = sold > 0
    return SaleAndExercise(
        tried_at=shares(fates.tried, tries),
        found_a_buyer=rounded(sold / tries),
        sold_at=shares(fates.sold, sold) if known else None,
        exercised_at=shares(fates.exercised, sold) if known else None,
        waited=shares(fates.waited, sold) if known else None,
        at_once=rounded(float(fates.waited[0]) / sold) if known else None,
        at_once_of_tries=rounded(float(fates.waited[0]) / tries),
        never=rounded(1 - float(fates.exercised.sum()) / sold) if known else None,
        mean_block_tried=mean_place(fates.tried) or 0.0,
        mean_block_sold=mean_place(fates.sold),
        mean_block_exercised=mean_place(fates.exercised),
        mean_wait=mean_place(fates.waited),
    )


def shares(chances: Array, whole: float) -> list[float]:
    """Parts of a whole."""
    return [rounded(chance / whole) for chance in chances.tolist()]


def rounded(share: float) -> float:
    """A share without what rounding has put beyond 0 and 1."""
    return min(max(share, 0.0), 1.0)


def mean_place(weights: Array) -> float | None:
    """The mean of 0, 1, … with these weights; None where all are 0."""
    if weights.sum() <= 0:
        return None
    return float(weights @ np.arange(weights.size) / weights.sum())


def errors_of(found: SaleAndExercise, tickets: int) -> dict[str, float | None]:
    """Standard errors of the shares and means of a sample of independent tickets, by their keys."""
    sold = tickets * found.found_a_buyer
    exercised = sold * (1 - (found.never or 0.0))
    return {
        "found_a_buyer": share_error(found.found_a_buyer, tickets),
        "at_once": share_error(found.at_once, sold),
        "at_once_of_tries": share_error(found.at_once_of_tries, tickets),
        "never": share_error(found.never, sold),
        "mean_block_tried": place_error(found.tried_at, tickets),
        "mean_block_sold": place_error(found.sold_at, sold),
        "mean_block_exercised": place_error(found.exercised_at, exercised),
        "mean_wait": place_error(found.waited, exercised),
    }


def share_error(share: float | None, tickets: float) -> float | None:
    """Of a share of so many tickets."""
    if share is None:
        return None
    return math.sqrt(share * (1 - share) / tickets)


def place_error(weights: list[float] | None, tickets: float) -> float | None:
    """Of the mean of 0, 1, … over so many tickets, with these weights."""
    if weights is None or sum(weights) <= 0:
        return None
    chances = np.array(weights) / sum(weights)
    place = np.arange(chances.size)
    variance = float(chances @ place**2 - (chances @ place) ** 2)
    return math.sqrt(max(variance, 0.0) / tickets)
