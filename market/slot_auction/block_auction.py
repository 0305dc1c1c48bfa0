"""The auction of one block: builders bid, relays keep what stands, the proposer takes the best at its time.

Nothing happens between two events. Where nobody looks at the others' bids and no one asks for them, what stands at
the end is read off each builder's schedule; else the events are played one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from market.slot_auction.auction_result import RelayedBid, SlotAuctionResult
from market.slot_auction.entrant import SlotEntrant
from market.slot_auction.events import Floor, Tape, play
from market.slot_auction.proposer import Proposer
from market.slot_auction.relay import BestBid, Board, Relay
from market.slot_auction.signals import Signals
from market.slot_auction.slot_bidder import Bids, Post
from market.slot_auction.validity import valid


class RelayBook(NamedTuple):
    """What one relay has when it closes: the best bid, the standing ones by builder, how many bids it had."""

    best: BestBid | None
    standing: list[int]
    bids: int


def hold(
    entrants: Sequence[SlotEntrant],
    signals: Signals,
    end_ms: int,
    relays: Sequence[Relay],
    proposer: Proposer,
    rng: np.random.Generator,
    rows: list[RelayedBid] | None = None,
) -> SlotAuctionResult:
    """One auction, up to `end_ms`, when the proposer comes. `rng` settles ties of one millisecond and whether the
    proposer misses its slot. `rows`, if given, gets a row for each valid bid at each relay."""
    tape = opening(entrants, end_ms, relays, proposer, rng)
    if rows is None and proposer.stop_gwei is None and not any(entrant.bidder.responds for entrant in entrants):
        books = [read_off(tape, relay, end_ms) for relay in relays]
    else:
        boards, end_ms = play(tape, proposer.stop_gwei, rows)
        books = [book_of(board) for board in boards]
    result = settle(tape, signals, end_ms, books, proposer)
    for number, entrant in enumerate(entrants):
        won = number == result.winner and not result.missed
        entrant.bidder.learn(result, won, result.profit if won else 0)
    return result


def hold_to_each(
    entrants: Sequence[SlotEntrant],
    signals: Signals,
    ends_ms: Sequence[int],
    relays: Sequence[Relay],
    proposer: Proposer,
    rng: np.random.Generator,
) -> list[SlotAuctionResult]:
    """One auction as it would end at each of `ends_ms`, which rise: nobody knows which it will be, so it is played
    once. Relays close when the proposer comes; nobody learns from it."""
    tape = opening(entrants, ends_ms[-1], relays, proposer, rng)
    floor = Floor(tape, None)
    results = []
    for end_ms in ends_ms:
        floor.play_until(end_ms)
        books = [book_of(board) for board in floor.boards]
        results.append(settle(tape, signals, end_ms, books, proposer))
    return results


def opening(
    entrants: Sequence[SlotEntrant],
    end_ms: int,
    relays: Sequence[Relay],
    proposer: Proposer,
    rng: np.random.Generator,
) -> Tape:
    """The auction as it opens: everyone has said what it will send on its own signals."""
    luck = 1.0
    if proposer.miss_at_ms is not None:
        luck = float(rng.random())
    fastest = min(relay.delay_ms for relay in relays)
    posts = [Post(e.values, e.delay_ms + fastest, proposer.due_ms, e.rng) for e in entrants]
    schedules = [entrant.bidder.schedule(post) for entrant, post in zip(entrants, posts, strict=True)]
    return Tape(entrants, posts, schedules, rng.permutation(len(entrants)).tolist(), relays, end_ms, luck)


def book_of(board: Board) -> RelayBook:
    """What a relay's board holds now."""
    return RelayBook(board.close(), list(board.prices), board.bids)


def read_off(tape: Tape, relay: Relay, end_ms: int) -> RelayBook:
    """What stands with a relay in the end, where all bids are scheduled."""
    entrants = tape.entrants
    close_ms = end_ms - relay.header_ms
    standing = [0] * len(entrants)
    count = 0
    ranking = []
    for builder, (entrant, schedule) in enumerate(zip(entrants, tape.schedules, strict=True)):
        bids = valid(schedule, relay, entrant)
        delay = entrant.delay_ms + relay.delay_ms
        received = int(bids.ms.searchsorted(close_ms - delay, "right"))
        if not received:
            continue
        count += received
        last = last_standing(bids, received, relay)
        standing[builder] = int(bids.gwei[last])
        ranking.append((-standing[builder], int(bids.ms[last]) + delay, tape.ranks[builder], builder))
    price, ms, _, leader = min(ranking, default=(0, 0, 0, 0))
    return RelayBook(BestBid(-price, leader, ms) if price else None, standing, count)


def last_standing(bids: Bids, received: int, relay: Relay) -> int:
    """Which of the bids that a relay has received stands: the last, or the highest where none is taken back."""
    if relay.cancellations:
        return received - 1
    return int(bids.gwei[:received].argmax())


def quality(best: BestBid | None) -> tuple[int, int]:
    """How good a bid is to the proposer: the higher one, the earlier of equal ones."""
    if best is None:
        return (0, 0)
    return (best.gwei, -best.ms)


def settle(
    tape: Tape, signals: Signals, end_ms: int, books: Sequence[RelayBook], proposer: Proposer
) -> SlotAuctionResult:
    """The proposer compares the relays' best bids with each other and with its own block."""
    missed = tape.luck < proposer.miss_chance(end_ms)
    bids = sum(book.bids for book in books)
    own = proposer.own_value(signals, end_ms)
    at = max(range(len(books)), key=lambda index: quality(books[index].best))
    best = books[at].best
    total = signals.until(end_ms)
    standing = tuple(books[at].standing)
    if best is None or best.gwei < max(proposer.min_bid_gwei, own):
        return SlotAuctionResult(None, 0, 0, total, own, end_ms, None, None, bids, standing, missed)
    winner = best.builder
    value = tape.entrants[winner].values.at(end_ms - tape.posts[winner].delay_ms)
    row = (winner, best.gwei, value, total, own, end_ms, best.ms, at, bids)
    return SlotAuctionResult(*row, standing, missed)
