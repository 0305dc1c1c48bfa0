"""Named random streams: one seed a run, one child stream for each purpose.

A stream depends on the run's seed and on its own name alone, so that adding an agent or changing a
strategy leaves every other draw as it was.
"""

from __future__ import annotations

import hashlib
from struct import Struct

import numpy as np

WORDS = Struct("<4I")
"""The words of a stream's name that go into its seed, of 32 bits."""


class Streams:
    """The random streams of one run, all children of one `numpy.random.SeedSequence`."""

    def __init__(self, seed: int) -> None:
        if seed < 0:
            raise ValueError(f"seed is {seed}; a seed is a whole number of 0 or more")
        self.seed = seed

    def sequence(self, *name: str | int) -> np.random.SeedSequence:
        """The child `SeedSequence` called `name`, e.g. `sequence("cost", 3)`."""
        words = WORDS.unpack_from(hashlib.sha256(repr(name).encode()).digest())
        return np.random.SeedSequence(self.seed, spawn_key=words)

    def generator(self, *name: str | int) -> np.random.Generator:
        """A fresh generator (PCG64) at the start of the stream called `name`."""
        return np.random.Generator(np.random.PCG64(self.sequence(*name)))

    def secret(self, *name: str | int) -> bytes:
        """32 bytes of the stream called `name`: for keys and for the beacon."""
        return self.sequence(*name).generate_state(8, np.uint32).astype("<u4").tobytes()
