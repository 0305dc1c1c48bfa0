"""Resale in turn: one holder's sales after the other, with what everyone has by then."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from chain.clock import Clock, Phase
from market.house import House
from market.participant import Participant
from market.slot.roll_call import RollCall


def step_of(latency_ms: int) -> int:
    """How long a holder is heard, and how long the bidders in its sales, ms: until the slowest has arrived."""
    return latency_ms + 1


class ResaleTurns:
    """The turns of a slot, those of the `holders` in their order, from `first` (ms) on.

    In its turn a holder offers, everyone bids in its sales, and those of them that end in this slot close. Whoever
    comes later sees who has the tickets and the money then. No two turns share a millisecond.
    """

    def __init__(
        self, *, holders: Sequence[Participant], house: House, calls: RollCall, clock: Clock, first: int
    ) -> None:
        self._holders = holders
        self._house = house
        self._calls = calls
        self._clock = clock
        self._first = first
        self._step = step_of(max((holder.latency_ms for holder in holders), default=0))

    def begin(self) -> None:
        """Set the turns of this slot."""
        for place, holder in enumerate(self._holders):
            start = self._first + 2 * self._step * place
            self._clock.at(start, Phase.OFFER, partial(self._hear, holder))
            self._clock.at(start + self._step, Phase.BID, partial(self._sell, holder))

    def _hear(self, holder: Participant) -> None:
        self._calls.ask([holder], Phase.OFFER, self._calls.trade(Phase.OFFER))

    def _sell(self, holder: Participant) -> None:
        if self._house.sells_for(holder.account):
            self._calls.ask_buyers(holder)
            end = self._clock.ms + self._step - 1
            self._clock.at(end, Phase.CLEAR, partial(self._close, holder))

    def _close(self, holder: Participant) -> None:
        self._house.clear_sales_of(holder.account, self._clock.ms)
