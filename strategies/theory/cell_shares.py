"""Which part of each state's surroundings is in a region, by the sign of a gain that is linear between states.

The surroundings of a state reach half-way to its neighbours. States are axis 0.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from strategies.theory.kinks import crossings
from strategies.theory.laws import Array


class Halves(NamedTuple):
    """Of each state's surroundings the part of the `left` and of the `right` half that lies in a region, from 0 to
    1; `holds`, whether the state itself does. All of shape (S, …)."""

    left: Array
    right: Array
    holds: npt.NDArray[np.bool_]

    @property
    def share(self) -> Array:
        """The part of the whole surroundings."""
        return (self.left + self.right) / 2

    @property
    def in_columns(self) -> Halves:
        """The same with an axis more, (S, 1), for what has columns."""
        return Halves(self.left[..., None], self.right[..., None], self.holds[..., None])


def halves(gain: Array) -> Halves:
    """The region in which `gain`, shape (S, …), is not negative; of infinite gains the sign counts."""
    holds = gain >= 0
    if np.isinf(gain).any():
        return Halves(holds.astype(np.float64), holds.astype(np.float64), holds)
    crossing, place = crossings(gain)
    near = np.minimum(2 * place, 1.0)
    far = np.maximum(2 * place - 1, 0.0)
    right = np.where(crossing, np.where(holds[:-1], near, 1 - near), holds[:-1])
    left = np.where(crossing, np.where(holds[:-1], far, 1 - far), holds[:-1])
    return Halves(np.concatenate((holds[:1], left)), np.concatenate((right, holds[-1:])), holds)


def overlap(one: Halves, other: Halves) -> Array:
    """The part of each state's surroundings that lies in both regions; shapes broadcast."""
    alike = one.holds == other.holds
    before = np.concatenate((alike[:1], alike[:-1]))
    return (shared(one.left, other.left, before) + shared(one.right, other.right, alike)) / 2


def shared(one: Array, other: Array, alike: npt.NDArray[np.bool_]) -> Array:
    """What two parts of a half have in common: from the same end of it where `alike`, else from opposite ends."""
    most = np.minimum(one, other)
    return np.where(alike, most, np.clip(one + other - 1, 0.0, most))  # rounding may put the sum above either part
