"""Who takes part, as the market knows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Protocol

from chain.clock import Phase
from market.agent_wallet import Wallet
from market.intents import Intent
from market.slot_auction.slot_bidder import OwnBidder
from market.view import View

MOST_INTENTS = 10_000
"""What one participant may want in one phase."""


class Participant(Protocol):
    """One participant. `latency_ms` lies between its decision and the arrival of its intents.

    `phases` are those in which it wants to be asked.
    """

    account: int
    latency_ms: int
    phases: frozenset[Phase]
    wallet: Wallet

    @property
    def slot_bidder(self) -> OwnBidder | None:
        """How it bids in the open auction of a block; None where it names its limit alone, as in a sealed sale."""

    def decide(self, phase: Phase, view: View) -> Sequence[Intent]:
        """Its intents, in the order in which they arrive. May raise anything."""

    def close(self) -> None:
        """The run is over."""


def taken(answer: Iterable[Intent] | None) -> list[Intent]:
    """The intents of an answer. Raises what the strategy raises as they are read: then there are none."""
    if answer:
        return list(islice(answer, MOST_INTENTS))
    return []
