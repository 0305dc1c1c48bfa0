"""What is lost where everyone plays for himself: the price of anarchy among the entrants.

Welfare is what is made of the blocks, Σ (R − θ), whoever gets it; the greatest is Σ max (R − θ)^+, with every
block built by who does it best. The price of anarchy is the welfare of the worst equilibrium over the greatest
(Koutsoupias and Papadimitriou 1999, who divide costs, so that theirs is 1 or more; of welfare it is 1 or less, as
in Roughgarden, Syrgkanis and Tardos 2017), the price of stability that of the best one (Anshelevich et al. 2004).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from experiments.lab.statistics import ONE_DRAW, Sampling, Statistics, describe

Array = npt.NDArray[np.float64]


class Welfare(NamedTuple):
    """What was made of the blocks, and the most that could have been, ETH a run."""

    made: Array
    greatest: Array

    def efficiency(self) -> Array:
        """Made over greatest, by seed; a seed on which nothing could be made is left out."""
        some = self.greatest > 0
        return self.made[some] / self.greatest[some]


class RestingPoint(NamedTuple):
    """An equilibrium, in words, and its efficiency: the mean over seeds of what it is in each."""

    label: str
    efficiency: Statistics


class PriceOfAnarchy(NamedTuple):
    """The efficiency of each equilibrium, the worst first."""

    equilibria: tuple[RestingPoint, ...]

    @property
    def worst(self) -> RestingPoint:
        """Its efficiency is the price of anarchy."""
        return self.equilibria[0]

    @property
    def best(self) -> RestingPoint:
        """Its efficiency is the price of stability."""
        return self.equilibria[-1]

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "equilibria": [one._asdict() for one in self.equilibria],
            "price_of_anarchy": self.worst.efficiency,
            "price_of_stability": self.best.efficiency,
        }


def price_of_anarchy(welfare: Mapping[str, Welfare], sampling: Sampling = ONE_DRAW) -> PriceOfAnarchy | None:
    """From what each equilibrium makes, by seed. None where there is no equilibrium, or nothing could be made.
    `sampling` says what is made of what in a run."""
    shares = {label: one.efficiency() for label, one in welfare.items()}
    points = [RestingPoint(label, describe(values, sampling)) for label, values in shares.items() if len(values)]
    if not points:
        return None
    return PriceOfAnarchy(tuple(sorted(points, key=lambda point: point.efficiency["mean"])))


def of_mix(shares: Array, between: Welfare) -> Welfare:
    """What is made where two who meet are drawn by `shares`. `between`: seeds × entrants × entrants."""
    return Welfare(*(np.einsum("i,sij,j->s", shares, values, shares) for values in between))
