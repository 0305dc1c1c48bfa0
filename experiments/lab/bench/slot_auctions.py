"""Open auctions of a slot, and the twin of the contract."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from importlib.util import find_spec

from experiments.bidding_war import MIXES
from experiments.lab.bench.measure import Line, a_second, beside
from experiments.lab.bench.yardsticks import heap_auctions
from experiments.lab.study.slot import auctions, mix

COUNT = 100
HISTORIES = range(4)
LENGTH = 500


def bench_slot_auctions() -> Iterator[Line]:
    """Ten naive builders, and the mixes of twelve."""
    for name, counts in {"ten naive builders": {"naive": 10}, **MIXES}.items():
        yield beside(
            f"an open auction, {name}: one on a heap",
            partial(auctions, mix(counts), COUNT, seed=1),
            heap_auctions(COUNT),
            None,
            a_second(COUNT),
            count=3,
        )


def bench_twin() -> Iterator[Line]:
    """Random histories in the protocol and in the contract on an EVM, compared after every operation.

    Nothing where there is no EVM (`pip install 'et-testbed[evm]'`).
    """
    if find_spec("pyrevm") is None:
        return
    from experiments.lab.conformance.twin.player import play_all

    count = sum(played.operations for played in play_all(HISTORIES, LENGTH))
    yield beside(
        "an operation in protocol and contract: an auction on a heap",
        lambda: list(play_all(HISTORIES, LENGTH)),
        heap_auctions(count),
        None,
        a_second(count),
        count=3,
    )
