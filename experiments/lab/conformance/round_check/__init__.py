"""Tickets of a round against a model that was written apart: the contract has none to compare with.

Random histories (sales, void rounds, gifts, returns, orders in the book, blocks built, sold ahead and missed, and
what must be refused) are played on protocol and order book and on paper; after each operation tickets, urn, money,
listings, the right to the block and all quotes must be the same.
"""

from __future__ import annotations

from collections import Counter

from experiments.lab.conformance.round_check.round_history import RoundFault, RoundHistory

__all__ = ["RoundFault", "check_rounds"]

SLOTS = 60


def check_rounds(sizes: tuple[int, ...] = (1, 2, 5), operations: int = 3_000, seed: int = 0) -> Counter[str]:
    """Play histories of `SLOTS` blocks, rounds of each of these sizes in turn, until so many operations have
    agreed. Returns how many of each kind. Raises `RoundFault` at the first disagreement."""
    done: Counter[str] = Counter()
    while done.total() < operations:
        for size in sizes:
            done += RoundHistory(size, seed).play(SLOTS)
            seed += 1
    return done
