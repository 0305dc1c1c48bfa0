"""The contract of a builder in the open auction of a slot: what `check_strategy` asks beside the rest."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from chain.wording import told
from market.slot_auction import (
    NO_BIDS,
    Bids,
    Post,
    Proposer,
    Relay,
    SignalLaw,
    SlotAuctionResult,
    SlotBidder,
    SlotEntrant,
    hold,
)
from market.slot_auction.guarded import Guarded, checked
from market.slot_auction.proposer import SLOT_MS
from market.slot_auction.signals import BlockValues
from strategies.builders.adaptive import Adaptive
from strategies.builders.naive import Naive
from strategies.slot_bidding import SlotBuilder
from strategies.testing.played import Step, unwatched
from strategies.testing.setups import plain_setup

AUCTIONS = 40
DELAYS_MS = (0, 10, 150)
LIMIT_MS = 500.0
MORE = 10**8

Make = Callable[[], SlotBuilder]
Line = tuple[str, bool, str]


class AuctionsPlayed(NamedTuple):
    """How a builder's auctions went: their results, what it did wrong, CPU seconds."""

    results: list[SlotAuctionResult]
    faults: list[str]
    seconds: float


def check_open_auctions(make: Make, step: Step = unwatched) -> list[Line]:
    """Two of the builder against a naive and an adaptive one, over relays of all kinds."""
    first = play(make, step)
    again = play(make, step)
    sent = sum(one.bids for one in first.results)
    ms = 1000 * first.seconds / AUCTIONS
    wrong = "; ".join(list(dict.fromkeys(first.faults))[:3])
    peeked = peeks(make, step)
    return [
        ("open auctions", not wrong, wrong or f"{AUCTIONS} of them, {sent:,} bids of all builders"),
        ("open auctions, replay", first.results == again.results, "the same seed gives the same auctions"),
        ("open auctions, no foresight", not peeked, peeked or "no bid in its schedule uses a value of later"),
        ("time per open auction", ms <= LIMIT_MS, f"{ms:z,.1f} ms of CPU with all four, at most {LIMIT_MS:g}"),
    ]


def play(make: Make, step: Step) -> AuctionsPlayed:
    """Its auctions, one after the other, by the same two builders."""
    rng = np.random.default_rng(5)
    faults = []
    results = []

    def report(error: BaseException) -> None:
        faults.append(told(error))

    own = [started(make, account) for account in (1, 2)]
    bidders: list[SlotBidder] = [*(Guarded(builder, report) for builder in own), Naive(), Adaptive()]
    begun = time.process_time()
    for number in range(AUCTIONS):
        step("an open auction")
        signals = SignalLaw().draw(rng, SLOT_MS if number % 5 else 50)
        delay = DELAYS_MS[number % 3]
        relay = Relay(10, floor_gwei=10**7 * (number % 2), cancellations=number % 4 > 1)
        seen = signals.seen(rng, (0.8, 1.0), len(bidders))
        who = [SlotEntrant(one, values, delay, rng) for one, values in zip(bidders, seen, strict=True)]
        results.append(hold(who, signals, SLOT_MS, (relay,), Proposer(), rng))
    return AuctionsPlayed(results, faults, time.process_time() - begun)


def started(make: Make, account: int) -> SlotBuilder:
    """A new one, told the rules of a game."""
    builder = make()
    builder.start(plain_setup(np.random.default_rng(account), account))
    return builder


def peeks(make: Make, step: Step) -> str:
    """How a schedule up to some time differs where only later values do; "" where none does."""
    rng = np.random.default_rng(6)
    for number in range(AUCTIONS):
        step("schedule")
        (known,) = SignalLaw().draw(rng, SLOT_MS).seen(rng, (0.9, 0.9), 1)
        now = int(rng.integers(SLOT_MS))
        first, second = (until(make, values, now, number) for values in (known, otherwise(known, now)))
        if first != second:
            return f"its bids up to {now} ms differ where only later values do"
    return ""


def otherwise(known: BlockValues, now: int) -> BlockValues:
    """The same values up to a time, and others from then on."""
    later = (known.ms > now) * MORE
    return BlockValues(known.ms, known.public + later, known.total + later)


def until(make: Make, values: BlockValues, now: int, seed: int) -> list[tuple[int, int]]:
    """What a builder schedules up to a time."""
    try:
        bids: Bids = checked(started(make, 1).schedule(Post(values, 20, SLOT_MS, np.random.default_rng(seed))))
    except (Exception, SystemExit):  # told of already
        bids = NO_BIDS
    return [(ms, gwei) for ms, gwei in zip(bids.ms.tolist(), bids.gwei.tolist(), strict=True) if ms <= now]
