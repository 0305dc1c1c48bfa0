"""How an auction ended."""

from __future__ import annotations

from typing import NamedTuple


class RelayedBid(NamedTuple):
    """A valid bid, as a relay took it in: when (ms), which relay, whose, and how much, Gwei."""

    ms: int
    relay: int
    builder: int
    gwei: int


class SlotAuctionResult(NamedTuple):
    """How an auction ended. Money in Gwei, times in ms since it opened.

    `winner` is the number of an entrant, None where no bid was taken; the proposer then builds the block itself,
    which is worth `own_gwei` to it. `price` is what the winner owes (first price), `value` what the block is worth
    to it at the end, `total` what all signals up to the end are worth. `won_ms` is when the winning bid arrived,
    `relay` with whom. `bids` counts valid bids up to the end, at each relay. `standing` gives the final bid of
    each entrant. `missed`: the proposer came too late, and nobody is paid."""

    winner: int | None
    price: int
    value: int
    total: int
    own_gwei: int
    end_ms: int
    won_ms: int | None
    relay: int | None
    bids: int
    standing: tuple[int, ...]
    missed: bool

    @property
    def paid(self) -> int:
        """What the proposer gets: the winning bid, its own block, or nothing where it missed its slot."""
        if self.missed:
            return 0
        if self.winner is None:
            return self.own_gwei
        return self.price

    @property
    def profit(self) -> int:
        """What the winner gains."""
        if self.missed or self.winner is None:
            return 0
        return self.value - self.price

    @property
    def efficiency(self) -> float:
        """The winning bid over the value of all signals; 0 where there are none, or no bid."""
        if self.total:
            return self.price / self.total
        return 0.0
