"""Where a pricing rule takes chance from."""

from __future__ import annotations

from collections.abc import Callable

Chance = Callable[[int, int], int]
"""A uniform integer below the first argument, drawn once for the second: the serial of a ticket, say."""
