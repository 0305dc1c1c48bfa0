"""Plays the open auction of a slot many times."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from market.slot_auction import Bidder, Entrant, Proposer, Relay, Result, SignalLaw, hold

if TYPE_CHECKING:
    import pandas as pd

OWN_DELAY_MS = 10


class Seats(NamedTuple):
    """Builders of one kind, and their own delay, ms."""

    bidders: Sequence[Bidder]
    delay_ms: int = OWN_DELAY_MS


class Game(NamedTuple):
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


def results(game: Game, count: int, seed: int) -> Iterator[Result]:
    """The results of `count` auctions. The signals of auction k are the same for every game with as late a
    proposer; each builder's randomness hangs on its seat."""
    seats = [(bidder, seats.delay_ms) for seats in game.seats.values() for bidder in seats.bidders]
    root = np.random.SeedSequence(seed)
    nature, access, ties, *own = (np.random.default_rng(child) for child in root.spawn(3 + len(seats)))
    for _ in range(count):
        end = game.proposer.draw_end(nature)
        signals = game.law.draw(nature, game.horizon_ms or end)
        seen = signals.seen(access, game.law.access, len(seats))
        entrants = [
            Entrant(bidder, values, delay, rng)
            for (bidder, delay), values, rng in zip(seats, seen, own, strict=True)
        ]
        yield hold(entrants, signals, end, game.relays, game.proposer, ties)


def auctions(game: Game, count: int, seed: int) -> pd.DataFrame:
    """A row for each auction: winner (name of its strategy), price, value, profit, total, paid (ETH), efficiency,
    bids, won_ms, end_ms, missed."""
    import pandas as pd

    names = game.names
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
        for one in results(game, count, seed)
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
