"""The present of a replay."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Now:
    """Slot, −1 before block 0, and milliseconds into it."""

    slot: int = -1
    ms: int = 0
