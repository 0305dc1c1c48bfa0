"""The seeds of an environment's episodes, by Gymnasium's contract: seeded once, every reset is a new episode."""

from __future__ import annotations

import operator
import secrets
from typing import Any

import numpy as np

from experiments.lab.config.errors import InputError

BITS = 53
"""Of the seeds taken here: whole numbers that JSON, a float and numpy's int64 hold."""


class Episodes:
    """Seeds of runs. The first is the one given, or else taken from entropy; the others follow from it."""

    def __init__(self) -> None:
        self._first: int | None = None
        self._count = 0

    def next(self, seed: Any = None) -> int:
        """The seed of the next episode; with a seed given, they begin anew from it. Raises `InputError`."""
        if seed is not None:
            self._first = whole(seed)
            self._count = 0
        elif self._first is None:
            self._first = secrets.randbits(BITS)
        number = self._count
        self._count = self._count + 1
        if number == 0:
            return self._first
        return derived(self._first, number)


def derived(seed: int, number: int) -> int:
    """The seed of episode `number`, from 1: a child of the first seed's `numpy.random.SeedSequence`."""
    (word,) = np.random.SeedSequence(seed, spawn_key=(number,)).generate_state(1, np.uint64)
    return int(word) >> (64 - BITS)


def whole(seed: Any) -> int:
    """A seed as an int, of numpy's too. Raises `InputError`."""
    try:
        number = operator.index(seed)
    except TypeError:
        number = -1
    if number < 0 or isinstance(seed, bool):
        raise InputError(f"seed is {seed!r}; give a whole number of 0 or more, or None")
    return number
