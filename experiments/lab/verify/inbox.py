"""What participants did in one slot, in the order in which it came in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from operator import itemgetter
from typing import NamedTuple

from chain.clock import Phase
from experiments.lab.verify.fault import agree, misfit
from experiments.lab.verify.now import Now
from experiments.lab.verify.premises import Premises
from experiments.lab.verify.rows import AuctionRow, BidRow, OrderRow
from experiments.lab.verify.stored_tables import Feed, StoredTables, by_number, in_order
from experiments.lab.verify.timetable import CLAIMING, PROPOSING, TRADING, Timetable

CANCEL, ORDER, OPENING, BID, AFTERTHOUGHT = range(5)


class TimedAct(NamedTuple):
    """One act. The clock goes by time and phase; of events that it does not tell apart, cancellations come first,
    then orders, openings of auctions and bids, each by number."""

    ms: int
    phase: Phase
    rank: int
    number: int
    act: Callable[[], None]


place_in_turn = itemgetter(slice(0, 4))
moment = itemgetter(slice(0, 2))


class Acts(NamedTuple):
    """What is to be done with each kind of message."""

    order: Callable[[OrderRow], None]
    cancel: Callable[[OrderRow], None]
    opening: Callable[[AuctionRow], None]
    bid: Callable[[BidRow], None]


class Inbox:
    """Reads orders, auctions and bids slot by slot. Lots of the protocol are kept apart in `lots`."""

    def __init__(
        self, premises: Premises, now: Now, timetable: Timetable, tables: StoredTables, acts: Acts
    ) -> None:
        self._premises = premises
        self._now = now
        self._timetable = timetable
        self._acts = acts
        orders = by_number(in_order(tables.rows(OrderRow), "end_slot", "end_ms"), "order")
        openings = by_number(in_order(tables.rows(AuctionRow), "closed_slot"), "auction")
        bids = by_number(tables.rows(BidRow), "bid")
        self._orders = Feed(in_order(orders, "slot", "ms"))
        self._openings = Feed(in_order(openings, "opened_slot", "opened_ms"))
        self._bids = Feed(in_order(bids, "slot", "ms"))
        self._cancels: defaultdict[int, list[OrderRow]] = defaultdict(list)
        self._markets: dict[int, str] = {}  # of the auctions that were opened in this slot
        self._events: list[TimedAct] = []
        self.lots: list[AuctionRow] = []

    def open_slot(self) -> None:
        """Sort out what comes in during the present slot."""
        slot = self._now.slot
        openings = list(self._openings.of(slot))
        self.lots = [row for row in openings if row.market == "primary"]
        self._markets = {row.auction: row.market for row in openings}
        events = [
            *in_turn(map(self._order, self._orders.of(slot))),
            *in_turn(map(self._opening, (row for row in openings if row.market != "primary"))),
            *in_turn(map(self._bid, self._bids.of(slot))),
            *map(self._cancel, self._cancels.pop(slot, ())),
        ]
        self._events = sorted(events, key=place_in_turn, reverse=True)

    def hear(self, ms: int, phase: Phase) -> None:
        """Let everything happen that came in up to a moment."""
        until = (ms, phase)
        while self._events and self._events[-1][:2] <= until:
            event = self._events.pop()
            self._now.ms = event.ms
            event.act()
        self._now.ms = ms

    def close(self) -> None:
        """Raises `Fault` where something lies behind the last slot."""
        for feed in (self._orders, self._openings, self._bids):
            feed.end()

    def _order(self, row: OrderRow) -> TimedAct:
        self._premises.number(row, "maker")
        phase = self._timetable.phase(row, "ms", row.maker, CLAIMING if row.side == "claim" else TRADING)
        if row.outcome == "cancelled":
            if row.end_slot is None or (row.end_slot, row.end_ms) < (row.slot, row.ms):
                raise misfit(row, "end_slot", "a slot after its arrival")
            self._cancels[row.end_slot].append(row)
        return TimedAct(row.ms, phase, ORDER, row.order, partial(self._acts.order, row))

    def _cancel(self, row: OrderRow) -> TimedAct:
        phase = self._timetable.phase(row, "end_ms", row.maker, TRADING)
        at_once = (row.end_slot, row.end_ms) == (row.slot, row.ms)
        rank = AFTERTHOUGHT if at_once else CANCEL
        return TimedAct(row.end_ms or 0, phase, rank, row.order, partial(self._acts.cancel, row))

    def _opening(self, row: AuctionRow) -> TimedAct:
        self._premises.number(row, "seller")
        if row.market == "block":
            self._timetable.block_is_for_sale(row.ms)
        elif row.market != "building":
            agree(row, market="secondary")
        phases = PROPOSING if row.market == "block" else TRADING
        phase = self._timetable.phase(row, "opened_ms", row.seller, phases)
        return TimedAct(row.ms, phase, OPENING, row.auction, partial(self._acts.opening, row))

    def _bid(self, row: BidRow) -> TimedAct:
        self._premises.number(row, "bidder")
        market = self._markets.get(row.auction, "secondary")
        phase = self._timetable.phase(row, "ms", row.bidder, market)
        return TimedAct(row.ms, phase, BID, row.bid, partial(self._acts.bid, row))


def in_turn(events: Iterator[TimedAct]) -> Iterator[TimedAct]:
    """Events in the order of their numbers: a message that may be of two phases is not of an earlier one than the
    message before it."""
    before: tuple[int, Phase] = (-1, Phase.DRAW)
    for event in events:
        before = max(moment(event), before)
        is_later = event.ms == before[0] and event.phase != before[1]
        yield event._replace(phase=before[1]) if is_later else event
