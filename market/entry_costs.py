"""What a bidder sinks for each auction that it bids in."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

REASONS: Mapping[str, str] = MappingProxyType({"secondary": "entry", "primary": "primary_entry"})
"""Why it is paid, in `payments`, by market; those of blocks cost nothing."""


class EntryCosts(NamedTuple):
    """Gwei: `secondary` in each sale of a holder, the same for all; `primary` in each of the protocol, by account,
    0 for one that is not named."""

    secondary: int = 0
    primary: Mapping[int, int] = MappingProxyType({})

    @property
    def are_nothing(self) -> bool:
        """Whether nobody sinks anything."""
        return not self.secondary and not any(self.primary.values())

    def of(self, market: str, bidder: int) -> int:
        """What an account sinks that bids in an auction of a market for the first time."""
        if market == "secondary":
            return self.secondary
        if market == "primary":
            return self.primary.get(bidder, 0)
        return 0


FREE = EntryCosts()
"""Bids cost nothing beside their price."""
