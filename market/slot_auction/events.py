"""The events of one auction, played in order: values that change, alarms, bids that arrive.

Within a millisecond bids arrive first, in the order of the builders' ranks; then those who look on are asked,
once. What they send without any delay arrives in the same millisecond, and they are asked again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from heapq import heappop, heappush
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from market.slot_auction.auction_result import RelayedBid
from market.slot_auction.entrant import SlotEntrant
from market.slot_auction.relay import Board, Relay
from market.slot_auction.signals import Ints
from market.slot_auction.slot_bidder import Bids, Post
from market.slot_auction.validity import taken, valid

ALARM, VALUE = -2, -1
"""Kinds of events: a builder wants to be asked, or its value changes; 0, 1, …: a bid arrives at that relay."""

Event = tuple[int, int, int, int]  # rank of the builder, kind, builder, Gwei
Respond = Callable[[int, int, int, bool], int | None]

BY_RANK = itemgetter(0)
"""Of one builder's bids in one millisecond the one that it sent last comes last."""


class Tape(NamedTuple):
    """An auction as it opens: who takes part, what they have scheduled, in which order their bids count that
    arrive in the same millisecond, where they go, when the proposer comes (ms), and how lucky it is: it misses its
    slot where the chance of that is above `luck`, drawn uniformly from 0 to 1."""

    entrants: Sequence[SlotEntrant]
    posts: Sequence[Post]
    schedules: Sequence[Bids]
    ranks: Sequence[int]
    relays: Sequence[Relay]
    end_ms: int
    luck: float

    def closing(self) -> list[int]:
        """When each relay closes, ms."""
        return [self.end_ms - relay.header_ms for relay in self.relays]

    def events(self) -> dict[int, list[Event]]:
        """What is known to happen already, by ms."""
        found: dict[int, list[Event]] = {}
        for builder, entrant in enumerate(self.entrants):
            rank = self.ranks[builder]
            for kind, ms, gwei in self._of(builder, entrant):
                for at, amount in zip(ms.tolist(), gwei.tolist(), strict=True):
                    if at in found:
                        found[at].append((rank, kind, builder, amount))
                    else:
                        found[at] = [(rank, kind, builder, amount)]
        return found

    def _of(self, builder: int, entrant: SlotEntrant) -> list[tuple[int, Ints, Ints]]:
        parts = []
        for number, (relay, close) in enumerate(zip(self.relays, self.closing(), strict=True)):
            bids = valid(self.schedules[builder], relay, entrant)
            delay = entrant.delay_ms + relay.delay_ms
            received = int(bids.ms.searchsorted(close - delay, "right"))
            parts.append((number, bids.ms[:received] + delay, bids.gwei[:received]))
        if entrant.bidder.responds:
            alarms = np.array(entrant.bidder.alarms(self.posts[builder]), np.int64)
            known = int(entrant.values.ms.searchsorted(self.end_ms, "right"))
            parts.append((ALARM, alarms[alarms <= self.end_ms], np.zeros_like(alarms)[alarms <= self.end_ms]))
            parts.append((VALUE, entrant.values.ms[:known], entrant.values.total[:known]))
        return parts


class Floor:
    """The auction as it goes on."""

    def __init__(self, tape: Tape, rows: list[RelayedBid] | None) -> None:
        self._tape = tape
        self._rows = rows
        self._values = [0] * len(tape.entrants)
        self._sent = [0] * len(tape.entrants)
        self._respond: dict[int, Respond] = {
            number: entrant.bidder.respond
            for number, entrant in enumerate(tape.entrants)
            if entrant.bidder.responds
        }
        self._ways = [self._way(entrant) for entrant in tape.entrants]
        self.boards = [Board(relay, len(tape.entrants)) for relay in tape.relays]
        self.coming = tape.events()
        self.times = sorted(self.coming)
        self.best = 0
        self.leader: int | None = None

    def play_until(self, end_ms: int, stop_gwei: int | None = None) -> int:
        """All that happens up to a time, or until the best bid is `stop_gwei`. Returns when that is, ms."""
        times = self.times
        while times and times[0] <= end_ms:
            ms = heappop(times)
            self._pass_ms(ms)
            if stop_gwei is not None and self.best >= stop_gwei:
                return ms
        return end_ms

    def _pass_ms(self, ms: int) -> None:
        """All that happens in one millisecond."""
        while events := self.coming.pop(ms, None):
            if len(events) > 1:
                events.sort(key=BY_RANK)
            changed = False
            stale = []
            for _, kind, builder, gwei in events:
                if kind >= 0:
                    changed |= self.boards[kind].take(builder, gwei, ms)
                    if self._rows is not None:
                        self._rows.append(RelayedBid(ms, kind, builder, gwei))
                else:
                    if kind == VALUE:
                        self._values[builder] = gwei
                    stale.append(builder)
            asked: Iterable[int] = dict.fromkeys(stale)
            if changed and self._publish():
                asked = self._respond
            self._ask(ms, asked)

    def _way(self, entrant: SlotEntrant) -> list[tuple[int, int, int, Relay]]:
        """For each relay its number, how long a bid is under way, and the last ms at which to send it."""
        tape = self._tape
        delays = [entrant.delay_ms + relay.delay_ms for relay in tape.relays]
        last = [close - delay for delay, close in zip(delays, tape.closing(), strict=True)]
        return list(zip(range(len(delays)), delays, last, tape.relays, strict=True))

    def _publish(self) -> bool:
        """Whether the best bid of all relays, or whose it is, has changed."""
        top = self.boards[0] if len(self.boards) == 1 else max(self.boards, key=lambda board: board.best)
        if (top.best, top.leader) == (self.best, self.leader):
            return False
        self.best = top.best
        self.leader = top.leader
        return True

    def _ask(self, ms: int, builders: Iterable[int]) -> None:
        best = self.best
        leader = self.leader
        values = self._values
        sent = self._sent
        respond = self._respond
        for builder in builders:
            price = respond[builder](ms, values[builder], best, builder == leader)
            if price is not None and price != sent[builder]:
                sent[builder] = price
                self._send(ms, builder, price)

    def _send(self, ms: int, builder: int, price: int) -> None:
        coming = self.coming
        entrant = self._tape.entrants[builder]
        rank = self._tape.ranks[builder]
        for number, delay, last, relay in self._ways[builder]:
            if ms > last:
                continue
            stands = taken(price, relay, entrant)
            if stands is None:
                continue
            arrival = ms + delay
            if arrival in coming:
                coming[arrival].append((rank, number, builder, stands))
            else:
                coming[arrival] = [(rank, number, builder, stands)]
                if delay:
                    heappush(self.times, arrival)


def play(tape: Tape, stop_gwei: int | None, rows: list[RelayedBid] | None) -> tuple[list[Board], int]:
    """Play all events. Returns the relays' boards and when the auction ended, ms."""
    floor = Floor(tape, rows)
    end = floor.play_until(tape.end_ms, stop_gwei)
    return floor.boards, end


def cancelled(rows: Sequence[RelayedBid]) -> list[bool]:
    """Of each bid whether its builder put a lower one in its place at the same relay."""
    following: dict[tuple[int, int], int] = {}
    done = []
    for _, relay, builder, gwei in reversed(rows):
        done.append(following.get((relay, builder), gwei) < gwei)
        following[relay, builder] = gwei
    return done[::-1]
