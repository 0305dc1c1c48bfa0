"""Plays the open auction of a slot many times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from market.slot_auction import (
    Proposer,
    Relay,
    SignalLaw,
    Signals,
    SlotAuctionResult,
    SlotBidder,
    SlotEntrant,
    hold,
    hold_to_each,
)

if TYPE_CHECKING:
    import pandas as pd

OWN_DELAY_MS = 10


class Seats(NamedTuple):
    """Builders of one kind, and their own delay, ms."""

    bidders: Sequence[SlotBidder]
    delay_ms: int = OWN_DELAY_MS


class SlotGame(NamedTuple):
    """Who plays, by name of the strategy, on what signals, over which relays, and with which proposer. With
    `horizon_ms` the signals are drawn up to then, so that they are the same however late the proposer comes."""

    seats: Mapping[str, Seats]
    law: SignalLaw = SignalLaw()
    relays: tuple[Relay, ...] = (Relay(),)
    proposer: Proposer = Proposer()
    horizon_ms: int | None = None

    @property
    def names(self) -> list[str]:
        """The strategy of each builder."""
        return [name for name, seats in self.seats.items() for _ in seats.bidders]


class SlotSetup(NamedTuple):
    """One auction before it opens: its builders, its signals, and when its proposers would come, ms."""

    entrants: list[SlotEntrant]
    signals: Signals
    ends_ms: list[int]


def slots(
    game: SlotGame, proposers: Sequence[Proposer], count: int, root: np.random.SeedSequence
) -> Iterator[SlotSetup]:
    """`count` auctions. The signals of auction k are the same for every game with the same horizon, or as late a
    proposer; each builder's randomness hangs on its seat."""
    seats = [(bidder, seats.delay_ms) for seats in game.seats.values() for bidder in seats.bidders]
    nature, access, *own = (np.random.default_rng(child) for child in root.spawn(2 + len(seats)))
    for _ in range(count):
        ends = [proposer.draw_end(nature) for proposer in proposers]
        signals = game.law.draw(nature, game.horizon_ms or max(ends))
        seen = signals.seen(access, game.law.access, len(seats))
        entrants = [
            SlotEntrant(bidder, values, delay, rng)
            for (bidder, delay), values, rng in zip(seats, seen, own, strict=True)
        ]
        yield SlotSetup(entrants, signals, ends)


def results(game: SlotGame, count: int, seed: int) -> Iterator[SlotAuctionResult]:
    """The results of `count` auctions."""
    root = np.random.SeedSequence(seed)
    ties = np.random.default_rng(root.spawn(1)[0])
    for slot in slots(game, [game.proposer], count, root):
        yield hold(slot.entrants, slot.signals, slot.ends_ms[0], game.relays, game.proposer, ties)


def auctions(game: SlotGame, count: int, seed: int) -> pd.DataFrame:
    """A row for each auction: winner (name of its strategy), price, value, profit, total, paid (ETH), efficiency,
    bids, won_ms, end_ms, missed."""
    return table(game.names, results(game, count, seed))


def auctions_by_spread(game: SlotGame, end_sds_ms: Sequence[float], count: int, seed: int) -> list[pd.DataFrame]:
    """The same auctions with an end of each of these standard deviations, ms: all played once."""
    root = np.random.SeedSequence(seed)
    ties = np.random.default_rng(root.spawn(1)[0])
    proposers = [game.proposer._replace(end_sd_ms=sd) for sd in end_sds_ms]
    played: list[list[SlotAuctionResult]] = [[] for _ in proposers]
    for slot in slots(game, proposers, count, root):
        order = sorted(range(len(proposers)), key=slot.ends_ms.__getitem__)
        ends = [slot.ends_ms[index] for index in order]
        found = hold_to_each(slot.entrants, slot.signals, ends, game.relays, game.proposer, ties)
        for index, result in zip(order, found, strict=True):
            played[index].append(result)
    return [table(game.names, one) for one in played]


def table(names: Sequence[str], results: Iterable[SlotAuctionResult]) -> pd.DataFrame:
    """A row for each result."""
    import pandas as pd

    rows = [
        (
            None if one.winner is None else names[one.winner],
            one.winner,
            one.price / 1e9,
            one.value / 1e9,
            one.profit / 1e9,
            one.total / 1e9,
            one.paid / 1e9,
            one.efficiency,
            one.bids,
            one.won_ms,
            one.end_ms,
            one.relay,
            one.missed,
        )
        for one in results
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


COLUMNS = [
    "winner",
    "seat",
    "price",
    "value",
    "profit",
    "total",
    "paid",
    "efficiency",
    "bids",
    "won_ms",
    "end_ms",
    "relay",
    "missed",
]
