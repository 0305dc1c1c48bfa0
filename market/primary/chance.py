"""Where a rule of the primary market takes chance from."""

from __future__ import annotations

from typing import Protocol

from chain.beacon import Beacon, whole


class Chance(Protocol):
    """A uniform integer in `0 … n − 1`, drawn once for `key` (the serial of a ticket, or the slot, ≥ 0); a second
    draw for the same key has an `again`, a text or a number, of its own."""

    def __call__(self, n: int, key: int, again: str | int = "") -> int: ...


class BeaconChance:
    """That of a run, from a stream of its seed. `seed` has 32 bytes."""

    def __init__(self, seed: bytes) -> None:
        self._beacon = Beacon(seed)

    def __call__(self, n: int, key: int, again: str | int = "") -> int:
        """Raises `TypeError` for an n or a key that is no whole number, and `ValueError` for an n below 1 or a key
        below 0, such as the slot of the sale before block 0."""
        if whole("key", key) < 0:
            raise ValueError(f"view.chance is asked for the key {key}; keys are 0 or more, as view.slot + 1")
        return self._beacon.below(n, key, again)

    __call__.__qualname__ = "view.chance"  # as the messages of Python call it
