"""A relay: it takes in bids, publishes the highest one that stands, and hands it to the proposer."""

from __future__ import annotations

from typing import NamedTuple


class Relay(NamedTuple):
    """`delay_ms`: what it takes every bid to arrive, be checked and stand. Bids below `floor_gwei`, and those that
    their builder cannot pay, are not valid. With `cancellations` a builder's last bid stands, and one below the
    floor takes it back; without them its highest stands. `header_ms`: how long before the proposer's time it must
    close."""

    delay_ms: int = 10
    floor_gwei: int = 0
    cancellations: bool = True
    header_ms: int = 0


class BestBid(NamedTuple):
    """The best bid with a relay when it closes: how much, whose, since when (ms)."""

    gwei: int
    builder: int
    ms: int


class Board:
    """The bids that stand with one relay. Prices in Gwei, 0 for no bid."""

    def __init__(self, relay: Relay, builders: int) -> None:
        self._cancels = relay.cancellations
        self._since = [(0, 0)] * builders
        self._count = 0
        self.prices = [0] * builders
        self.best = 0
        self.leader: int | None = None

    def take(self, builder: int, price: int, ms: int) -> bool:
        """A valid bid arrives. Returns whether the best bid, or whose it is, has changed."""
        earlier = self.prices[builder]
        self._count += 1
        if price == earlier or (price < earlier and not self._cancels):
            return False
        self.prices[builder] = price
        self._since[builder] = ms, self._count
        if price > self.best:
            self.best = price
            self.leader = builder
            return True
        if builder == self.leader:
            self._find_best()
            return True
        return False

    @property
    def bids(self) -> int:
        """How many valid bids have arrived."""
        return self._count

    def close(self) -> BestBid | None:
        """What it hands to the proposer."""
        if self.leader is None:
            return None
        return BestBid(self.best, self.leader, self._since[self.leader][0])

    def _find_best(self) -> None:
        """The highest bid, the earliest of equal ones."""
        self.best = max(self.prices)
        tied = [builder for builder, price in enumerate(self.prices) if price == self.best]
        self.leader = None
        if self.best:
            self.leader = min(tied, key=self._since.__getitem__)
