"""The auction of one block: builders bid, relays keep what stands, the proposer takes the best at its time.

Nothing happens between two events. Where nobody looks at the others' bids and no one asks for them, what stands at
the end is read off each builder's schedule; else the events are played one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from market.slot_auction.bidder import Bids, Post
from market.slot_auction.entrant import Entrant
from market.slot_auction.events import Tape, play
from market.slot_auction.proposer import Proposer
from market.slot_auction.relay import Relay, Standing
from market.slot_auction.result import BidRow, Result
from market.slot_auction.signals import Signals
from market.slot_auction.validity import valid


class Book(NamedTuple):
    """What one relay has when it closes: the best bid, the standing ones by builder, how many bids it had."""

    best: Standing | None
    standing: list[int]
    bids: int


def hold(
    entrants: Sequence[Entrant],
    signals: Signals,
    end_ms: int,
    relays: Sequence[Relay],
    proposer: Proposer,
    rng: np.random.Generator,
    rows: list[BidRow] | None = None,
) -> Result:
    """One auction, up to `end_ms`, when the proposer comes. `rng` settles ties of one millisecond and whether the
    proposer misses its slot. `rows`, if given, gets a row for each valid bid of the first relay."""
    fastest = min(relay.delay_ms for relay in relays)
    posts = [Post(e.values, e.delay_ms + fastest, proposer.due_ms, e.rng) for e in entrants]
    schedules = [entrant.bidder.schedule(post) for entrant, post in zip(entrants, posts, strict=True)]
    ranks = rng.permutation(len(entrants)).tolist()
    if rows is None and proposer.stop_gwei is None and not any(entrant.bidder.responds for entrant in entrants):
        books = [read_off(entrants, schedules, ranks, relay, end_ms - relay.header_ms) for relay in relays]
    else:
        tape = Tape(entrants, posts, schedules, ranks, relays, end_ms)
        boards, end_ms = play(tape, proposer.stop_gwei, rows)
        books = [Book(board.close(), board.prices, board.bids) for board in boards]
    result = settle(entrants, posts, signals, end_ms, books, proposer, rng)
    for number, entrant in enumerate(entrants):
        won = number == result.winner and not result.missed
        entrant.bidder.learn(result, won, result.profit if won else 0)
    return result


def read_off(
    entrants: Sequence[Entrant], schedules: Sequence[Bids], ranks: Sequence[int], relay: Relay, close_ms: int
) -> Book:
    """What stands with a relay in the end, where all bids are scheduled."""
    standing, count, ranking = [0] * len(entrants), 0, []
    for builder, (entrant, schedule) in enumerate(zip(entrants, schedules, strict=True)):
        bids, delay = valid(schedule, relay, entrant), entrant.delay_ms + relay.delay_ms
        received = int(bids.ms.searchsorted(close_ms - delay, "right"))
        if not received:
            continue
        count += received
        last = received - 1 if relay.cancellations else int(bids.gwei[:received].argmax())
        standing[builder] = int(bids.gwei[last])
        ranking.append((-standing[builder], int(bids.ms[last]) + delay, ranks[builder], builder))
    price, ms, _, leader = min(ranking, default=(0, 0, 0, 0))
    return Book(Standing(-price, leader, ms) if price else None, standing, count)


def quality(best: Standing | None) -> tuple[int, int]:
    """How good a bid is to the proposer: the higher one, the earlier of equal ones."""
    return (0, 0) if best is None else (best.gwei, -best.ms)


def settle(
    entrants: Sequence[Entrant],
    posts: Sequence[Post],
    signals: Signals,
    end_ms: int,
    books: Sequence[Book],
    proposer: Proposer,
    rng: np.random.Generator,
) -> Result:
    """The proposer compares the relays' best bids with each other and with its own block."""
    chance = proposer.miss_chance(end_ms)
    missed = bool(chance) and bool(rng.random() < chance)
    bids, own = sum(book.bids for book in books), proposer.own_value(signals, end_ms)
    at = max(range(len(books)), key=lambda index: quality(books[index].best))
    best, total = books[at].best, signals.until(end_ms)
    if best is None or best.gwei < max(proposer.min_bid_gwei, own):
        return Result(None, 0, 0, total, own, end_ms, None, None, bids, books[at].standing, missed)
    winner = best.builder
    value = entrants[winner].values.at(end_ms - posts[winner].delay_ms)
    row = (winner, best.gwei, value, total, own, end_ms, best.ms, at, bids)
    return Result(*row, books[at].standing, missed)
