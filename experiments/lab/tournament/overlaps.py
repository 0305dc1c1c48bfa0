"""Where a measured game does not tell who does best: cells whose payoffs overlap."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from experiments.lab.statistics import ONE_DRAW, Sampling, is_below
from experiments.lab.tournament.standings import differ, everyone

Array = npt.NDArray[np.float64]

SAME = 1e-12  # ETH: a thousandth of a Gwei, below which a difference is one of rounding


class Overlap(NamedTuple):
    """Where the others play `others`, these cannot be told from the one that earns most, who comes first."""

    others: str
    entrants: tuple[str, ...]


class Tie(NamedTuple):
    """Where the others play `others`, these earn the same on every seed, and nobody earns more for sure."""

    others: str
    entrants: tuple[str, ...]


def overlaps(labels: list[str], against: Array, sampling: Sampling = ONE_DRAW) -> list[Overlap]:
    """Those who may do best against each, where that is more than one. `against`: seeds × entrants × entrants."""
    found = [
        Overlap(other, names(labels, doubtful(profits, sampling))) for other, profits in columns(labels, against)
    ]
    return [one for one in found if len(one.entrants) > 1]


def ties(labels: list[str], against: Array) -> list[Tie]:
    """Those who do equally well against each, and best, where that is more than one."""
    found = [Tie(other, names(labels, equal(profits))) for other, profits in columns(labels, against)]
    return [one for one in found if len(one.entrants) > 1]


def columns(labels: list[str], against: Array) -> list[tuple[str, Array]]:
    """What all entrants earn against each, seeds × entrants."""
    return [(label, against[:, :, number]) for number, label in enumerate(labels)]


def doubtful(profits: Array, sampling: Sampling) -> list[int]:
    """The best, and who differs from it but not for sure; with one seed nobody does for sure."""
    best = best_of(profits)
    same = equal(profits)
    others = [own for own in everyone(profits) if own not in same]
    return [best, *(own for own in others if not is_below(differ(profits, own, best, sampling)))]


def equal(profits: Array) -> list[int]:
    """The best, and who earns the same on every seed."""
    best = best_of(profits)
    same = np.abs(profits - profits[:, [best]]).max(axis=0) <= SAME
    return [best, *(own for own in everyone(profits) if own != best and same[own])]


def best_of(profits: Array) -> int:
    """Who earns most in the mean."""
    return int(np.argmax(profits.mean(axis=0)))


def names(labels: list[str], numbers: list[int]) -> tuple[str, ...]:
    """What they are called."""
    return tuple(labels[number] for number in numbers)
