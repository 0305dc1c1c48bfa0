"""Where two tables part: the first row, and the first column in it, that are not the same."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

BATCH = 8_192  # rows


class Difference(NamedTuple):
    """One value that is not the same. `row` counts from 0; in a table that ended earlier a value is None."""

    row: int
    column: str
    stored: Any
    again: Any


def first_difference(stored: Path, again: Path) -> Difference | None:
    """The first difference between two Parquet files of one schema; None where they say the same."""
    with pq.ParquetFile(stored) as one, pq.ParquetFile(again) as other:
        if one.schema_arrow.names != other.schema_arrow.names:
            return Difference(0, "the columns", one.schema_arrow.names, other.schema_arrow.names)
        pairs = zip(batches(one), batches(other), strict=False)
        for start, (left, right) in zip(count(0, BATCH), pairs, strict=False):
            rows = min(left.num_rows, right.num_rows)
            if not left.slice(0, rows).equals(right.slice(0, rows)):
                return in_batch(left, right, rows, start)
            if left.num_rows != right.num_rows:
                break
        return lengths(one.metadata.num_rows, other.metadata.num_rows)


def batches(file: pq.ParquetFile) -> Iterator[pa.Table]:
    """Pieces of exactly `BATCH` rows but for the last, with labels as plain text."""
    waiting = file.schema_arrow.empty_table()
    for batch in file.iter_batches(BATCH):
        waiting = pa.concat_tables([waiting, pa.Table.from_batches([batch])])
        while waiting.num_rows >= BATCH:
            yield plain(waiting.slice(0, BATCH))
            waiting = waiting.slice(BATCH)
    yield plain(waiting)


def plain(table: pa.Table) -> pa.Table:
    """The table without dictionaries, whose order means nothing."""
    fields = [
        pa.field(field.name, field.type.value_type) if pa.types.is_dictionary(field.type) else field
        for field in table.schema
    ]
    return table.cast(pa.schema(fields)).combine_chunks()


def in_batch(left: pa.Table, right: pa.Table, rows: int, start: int) -> Difference:
    """The first difference between two pieces that are known to differ in their first `rows` rows."""
    pairs = zip(left.slice(0, rows).to_pylist(), right.slice(0, rows).to_pylist(), strict=True)
    return next(
        Difference(start + row, name, one[name], other[name])
        for row, (one, other) in enumerate(pairs)
        for name in left.column_names
        if one[name] != other[name]
    )


def lengths(stored: int, again: int) -> Difference | None:
    """The difference between tables of which one goes on where the other has ended."""
    if stored == again:
        return None
    return Difference(min(stored, again), "rows", stored, again)


def shown(value: object) -> str:
    """A value as a person reads it."""
    if isinstance(value, (bytes, bytearray)):
        return f"0x{bytes(value).hex()}"
    if value is None:
        return "nothing"
    return str(value)
