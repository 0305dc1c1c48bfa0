"""Who takes part, as the market knows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Protocol

from chain.clock import Phase
from chain.wording import kind_of, shown
from market.agent_wallet import Wallet
from market.intents import INTENTS, Intent
from market.slot_auction.slot_bidder import OwnBidder
from market.view import View

MOST_INTENTS = 10_000
"""What one participant may want in one phase."""

NO_LISTS = frozenset[type]({*INTENTS, int, float, str, bytes, dict})
"""Answers that could be taken for intents, or for many, and are none."""


class Participant(Protocol):
    """One participant. `latency_ms` lies between its decision and the arrival of its intents.

    `phases` are those in which it wants to be asked. `proposes_as_usual`: its block goes the way
    of `usual_proposal`, so that it need not be asked.
    """

    account: int
    latency_ms: int
    phases: frozenset[Phase]
    proposes_as_usual: bool
    wallet: Wallet

    @property
    def slot_bidder(self) -> OwnBidder | None:
        """How it bids in the open auction of a block; None where it names its limit alone, as in a sealed sale."""

    def decide(self, phase: Phase, view: View) -> Sequence[Intent]:
        """Its intents, in the order in which they arrive. May raise anything."""

    def close(self) -> None:
        """The run is over."""


def taken(answer: Iterable[Intent] | None) -> list[Intent]:
    """The intents of an answer. Raises what the strategy raises as they are read: then there are none; `TypeError`
    for an answer that is one intent, or no list at all."""
    if type(answer) is list:
        return answer[:MOST_INTENTS]
    if answer is None or is_empty(answer):
        return []
    if type(answer) in NO_LISTS:
        raise TypeError(f"the answer is {shown(answer)}; return a list of intents, also of a single one")
    return list(islice(answer, MOST_INTENTS))


def is_empty(answer: Iterable[Intent]) -> bool:
    """Whether nothing is wanted. Raises `TypeError` for an array or a frame, which have no answer to that."""
    try:
        return not answer
    except ValueError:
        if not hasattr(type(answer), "__array__"):
            raise
    raise TypeError(f"the answer is a {kind_of(answer)}; return a list of intents")
