"""What figures are measured by: the least that a program of this kind could do, in plain code."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from pathlib import Path
from random import Random

import coincurve
import pyarrow as pa
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


def rows(result: Result) -> Job:
    """A bare loop that appends the rows of all tables of a run and writes them."""
    tables = [pq.read_table(path) for path in table_files(result)]
    contents = [list(zip(*(column.to_pylist() for column in table.columns), strict=True)) for table in tables]
    schemas = [plain(table.schema) for table in tables]

    def job() -> None:
        for schema, content in zip(schemas, contents, strict=True):
            waiting: list[tuple[object, ...]] = []
            for row in content:
                waiting.append(row)  # a row at a time, as they come in a run
            write(schema, waiting)

    return job


def table_files(result: Result) -> Iterator[Path]:
    """The files of all its tables that have rows."""
    for path in sorted(Path(result.path).rglob("*.parquet")):
        if pq.read_metadata(path).num_rows:
            yield path


def plain(schema: pa.Schema) -> pa.Schema:
    """The same with values in place of dictionaries."""
    return pa.schema(
        [
            (field.name, field.type.value_type if pa.types.is_dictionary(field.type) else field.type)
            for field in schema
        ]
    )


def write(schema: pa.Schema, content: list[tuple[object, ...]]) -> None:
    """Rows into a Parquet file in memory."""
    columns = zip(*content, strict=True)
    arrays = [pa.array(values, field.type) for field, values in zip(schema, columns, strict=True)]
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), io.BytesIO(), compression="zstd")


def messages_of(result: Result) -> int:
    """How many signatures the tables of a run hold."""
    return sum(signatures_in(path) for path in table_files(result))


def signatures_in(path: Path) -> int:
    """Those of one table."""
    if "signature" not in pq.read_schema(path).names:
        return 0
    column = pq.read_table(path, columns=["signature"]).column(0)
    return len(column) - int(column.null_count)
