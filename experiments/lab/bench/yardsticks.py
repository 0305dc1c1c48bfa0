"""What figures are measured by: the least that a program of this kind could do, in plain code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import coincurve
import pyarrow as pa
import pyarrow.parquet as pq

from chain.records import Names, Records, Schema
from experiments.lab.bench.measure import Job
from experiments.lab.played.results import Result
from experiments.lab.runs.schema import EXTRA, SCHEMAS

BIDS = 10
NUMBERED = ("account", "pot")
"""Kinds of columns in which a run appends numbers that stand for names."""
SCHEMA_OF = {schema.name: schema for schema in (*SCHEMAS, *EXTRA)}
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
    """A bare loop that appends the rows of all tables of a run, and has them written as those of a run are."""
    tables = [(SCHEMA_OF[path.stem], pq.read_table(path)) for path in table_files(result)]
    names = {kind: names_of(kind, tables) for kind in NUMBERED}
    contents = [(schema, numbered(schema, table, names)) for schema, table in tables]

    def job() -> None:
        with TemporaryDirectory() as place:
            write(contents, names, Path(place))

    return job


def write(contents: Sequence[tuple[Schema, list[tuple[object, ...]]]], names: Names, place: Path) -> None:
    """Rows into the tables of a run in `place`."""
    records = Records(place, names)
    for schema, content in contents:
        append = records.table(schema).append
        for row in content:
            append(row)  # a row at a time, as they come in a run
        records.flush_full()
    records.close()


def names_of(kind: str, tables: Sequence[tuple[Schema, pa.Table]]) -> list[str]:
    """All names of accounts, or of pots, in some tables."""
    columns = [table[column.name] for schema, table in tables for column in schema.columns if column.kind == kind]
    return sorted({name for column in columns for name in column.unique().to_pylist() if name is not None})


def numbered(schema: Schema, table: pa.Table, names: Names) -> list[tuple[object, ...]]:
    """Rows as a run appends them: accounts and pots by their numbers."""
    columns = []
    for column in schema.columns:
        values = table[column.name].to_pylist()
        if column.kind in names:
            number: dict[str | None, int | None] = {name: place for place, name in enumerate(names[column.kind])}
            values = [number.get(value) for value in values]
        columns.append(values)
    return list(zip(*columns, strict=True))


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
