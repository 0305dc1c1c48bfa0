"""The verifiable draw: `keccak(seed ‖ slot ‖ attempt ‖ key)`, turned into an index without bias.

The words of a slot depend on the run's seed, the slot and the key alone; which ticket a word picks depends on the
tickets in the urn. Anyone who has the seed can recompute every draw. The draws of the testbed have no key; a rule
that draws twice for one block names a key for the second draw, which is then independent of the first.
"""

from __future__ import annotations

from functools import lru_cache
from numbers import Integral
from operator import index
from typing import SupportsIndex

from chain.eip712 import keccak
from chain.near_names import tells_near
from chain.wording import shown

Key = str | int
"""What tells one draw of a block from another: a text, or a number, which counts as its digits."""

MOST = 1 << 256
"""No word is above it."""


@tells_near()
class Beacon:
    """The source of a run's draws. `seed` has 32 bytes and is published with the run."""

    def __init__(self, seed: bytes) -> None:
        if len(seed) != 32:
            raise ValueError(f"the beacon's seed has 32 bytes, this one has {len(seed)}")
        self.seed = seed

    def word(self, slot: int, attempt: int = 0, key: Key = "") -> bytes:
        """The random word of `slot` and `key`, 32 bytes; a further `attempt` is for where one is rejected."""
        return word_of(self.seed, slot, attempt, key_bytes(key))

    def below(self, n: int, block: int, key: Key = "") -> int:
        """A uniform integer in `0 … n − 1` for `block`: of one block and key always by the same word, so that a
        second draw needs a key of its own. Raises `TypeError` for an n or a block that is no whole number, and
        `ValueError` for what is no block, or nothing to draw from."""
        bound, number = whole("n", n), whole("block", block)
        if number < 0:
            raise ValueError(f"a draw is for a block, 0 or more; this one is for {number}")
        if not 1 <= bound <= MOST:
            raise ValueError(f"a draw is among n, 1 or more and at most 2^256; this one is among {bound}")
        attempt = 0
        while (place := compute_index(self.word(number, attempt, key), bound)) is None:
            attempt += 1
        return place


@lru_cache(maxsize=256, typed=True)
def word_of(seed: bytes, slot: int, attempt: int, key: bytes) -> bytes:
    """The word of a seed: it is asked for at the draw, and again for the row of the block."""
    return keccak(seed + slot.to_bytes(8, "big") + attempt.to_bytes(4, "big") + key)


def whole(name: str, given: SupportsIndex) -> int:
    """A number as an integer. Raises `TypeError` for any other: a word would be taken modulo a fraction."""
    try:
        return index(given)
    except TypeError:
        raise TypeError(f"{name} of a draw is a whole number, not {shown(given)}; int(…) makes one") from None


def key_bytes(key: Key) -> bytes:
    """A key as it enters the word: UTF-8, a number in decimal digits. Raises `TypeError` for anything else."""
    if isinstance(key, str):
        return key.encode()
    if isinstance(key, Integral):
        return str(int(key)).encode()
    raise TypeError(f"the key of a draw is a text or a whole number, not {shown(key)}")


def compute_index(word: bytes, bound: int) -> int | None:
    """`word mod bound`, or None where the word lies in the last, incomplete run of `bound` numbers.

    Rejecting that run is what makes every index equally likely.
    """
    number = int.from_bytes(word, "big")
    whole = (1 << 8 * len(word)) // bound * bound
    if number < whole:
        return number % bound
    return None
