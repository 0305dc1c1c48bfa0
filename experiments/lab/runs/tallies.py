"""Rows of a table counted and summed by their labels, a few at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from experiments.lab.config.errors import InputError

BATCH = 16_384  # rows


class Tally(NamedTuple):
    """How many rows, and what their values add up to."""

    rows: int = 0
    total: int = 0


Tallies = dict[tuple[str | None, ...], Tally]


@contextmanager
def readable(tables: Path) -> Iterator[None]:
    """Raises `InputError` where tables that are read meanwhile are damaged or gone."""
    try:
        yield
    except (OSError, pa.ArrowInvalid) as error:
        raise InputError(f"{tables}: cannot be read: {error}") from None


def batches(tables: Path, name: str, *columns: str) -> Iterator[pa.RecordBatch]:
    """Some columns of a table, a few rows at a time."""
    with pq.ParquetFile(tables / f"{name}.parquet", pre_buffer=False) as file:
        yield from file.iter_batches(BATCH, columns=list(columns), use_threads=False)


def tally(tables: Path, name: str, by: tuple[str, ...], value: str) -> Tallies:
    """Rows and the sum of `value` for each combination of the labels `by`."""
    found: Tallies = {}
    for batch in batches(tables, name, *by, value):
        grouped = pa.Table.from_batches([batch]).group_by(list(by))
        sums = grouped.aggregate([(value, "sum"), ([], "count_all")]).to_pydict()
        for *labels, total, rows in zip(*(sums[c] for c in (*by, f"{value}_sum", "count_all")), strict=True):
            before = found.get(tuple(labels), Tally())
            found[tuple(labels)] = Tally(before.rows + rows, before.total + (total or 0))
    return found


def overall(tallies: Tallies, *labels: str) -> Tally:
    """The tallies whose labels begin with `labels`, together."""
    some = [tally for key, tally in tallies.items() if key[: len(labels)] == labels]
    return Tally(sum(tally.rows for tally in some), sum(tally.total for tally in some))
