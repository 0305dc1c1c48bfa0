"""The verifiable draw: `keccak(seed ‖ slot ‖ attempt)`, turned into an index without bias.

The words of a slot depend on the run's seed and the slot alone; which ticket a word picks depends on the
tickets in the urn. Anyone who has the seed can recompute every draw.
"""

from __future__ import annotations

from chain.eip712 import keccak

WORD = 1 << 256


class Beacon:
    """The source of a run's draws. `seed` has 32 bytes and is published with the run."""

    def __init__(self, seed: bytes) -> None:
        if len(seed) != 32:
            raise ValueError(f"the beacon's seed has 32 bytes, this one has {len(seed)}")
        self.seed = seed

    def word(self, slot: int, attempt: int = 0) -> bytes:
        """The random word of `slot`, 32 bytes; a further `attempt` is asked for where one is rejected."""
        return keccak(self.seed + slot.to_bytes(8, "big") + attempt.to_bytes(4, "big"))

    def below(self, bound: int, slot: int) -> int:
        """A uniform integer in `0 … bound − 1` for `slot`."""
        attempt = 0
        while (index := compute_index(self.word(slot, attempt), bound)) is None:
            attempt += 1
        return index


def compute_index(word: bytes, bound: int) -> int | None:
    """`word mod bound`, or None where the word lies in the last, incomplete run of `bound` numbers.

    Rejecting that run is what makes every index equally likely.
    """
    number = int.from_bytes(word, "big")
    whole = (1 << 8 * len(word)) // bound * bound
    if number < whole:
        return number % bound
    return None
