"""The stream of order operations that books are timed on: the same 100,000 at every time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import NamedTuple

OPERATIONS = 100_000
ACCOUNTS = 1_000


class BookOperation(NamedTuple):
    """A limit order, a cancellation of a random order, or (price None) a market order."""

    is_cancel: bool
    side: bool
    account: int
    price: int | None
    pick: float  # which of one's orders to cancel


def stream() -> list[BookOperation]:
    """55 % limits around a mid price, 35 % cancellations, 10 % market orders, from a fixed seed."""
    return list(_operations(Random(20231122)))


def _operations(random: Random) -> Iterator[BookOperation]:
    for _ in range(OPERATIONS):
        kind = random.random()
        side = random.random() < 0.5
        account = random.randrange(ACCOUNTS)
        price = None if kind >= 0.9 else max(1, int(random.gauss(1_000, 20)))
        yield BookOperation(0.55 <= kind < 0.9, side, account, price, random.random())


Take = Callable[[int, BookOperation], tuple[bool, bool]]
"""Carries out an order: whether it was filled, whether it rests."""


def play(operations: list[BookOperation], take: Take, cancel: Callable[[int], None]) -> int:
    """Feed a book; `cancel` gets the id of an order that may be gone. Returns the number of fills."""
    resting: list[int] = []
    fills = 0
    for id, operation in enumerate(operations):
        if operation.is_cancel:
            if resting:
                cancel(resting.pop(int(operation.pick * len(resting))))
            continue
        filled, rests = take(id, operation)
        fills += filled
        if rests:
            resting.append(id)
    return fills
