"""What figures are measured by: the least that a program of this kind could do, in plain code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from pathlib import Path
from random import Random

import coincurve
import pyarrow.parquet as pq

from experiments.lab.bench.measure import Job
from experiments.lab.played.results import Result

BIDS = 10
SECRET, DIGEST = b"\x01" * 32, b"\x07" * 32


def curve(messages: int) -> Job:
    """The bare curve signs so many messages and recovers their signers."""
    key = coincurve.PrivateKey(SECRET)

    def job() -> None:
        for _ in range(messages):
            signature = key.sign_recoverable(DIGEST, hasher=None)
            coincurve.PublicKey.from_signature_and_message(signature, DIGEST, hasher=None)

    return job


def signing(messages: int) -> Job:
    """The bare curve signs so many messages."""
    key = coincurve.PrivateKey(SECRET)
    return lambda: [key.sign_recoverable(DIGEST, hasher=None) for _ in range(messages)]


def heap_auctions(count: int, bids: int = BIDS) -> Job:
    """So many second-price auctions of so many bids on a heap."""
    prices = [Random(number).randrange(10**9) for number in range(bids)]
    return lambda: [heap_auction(prices) for _ in range(count)]


def heap_auction(prices: Sequence[int]) -> tuple[int, int]:
    """The winner and what it pays."""
    heap: list[tuple[int, int]] = []
    for bidder, price in enumerate(prices):
        heappush(heap, (-price, bidder))
    _, winner = heappop(heap)
    second, _ = heap[0] if heap else (0, 0)
    return winner, -second


def table_files(result: Result) -> Iterator[Path]:
    """The files of all its tables that have rows."""
    for path in sorted(Path(result.path).rglob("*.parquet")):
        if pq.read_metadata(path).num_rows:
            yield path


def messages_of(result: Result) -> int:
    """How many signatures the tables of a run hold."""
    return sum(signatures_in(path) for path in table_files(result))


def signatures_in(path: Path) -> int:
    """Those of one table."""
    if "signature" not in pq.read_schema(path).names:
        return 0
    column = pq.read_table(path, columns=["signature"]).column(0)
    return len(column) - int(column.null_count)
