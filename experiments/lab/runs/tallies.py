"""Rows of a table counted and summed by their labels, a few at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from chain.column_values import listed, whole
from experiments.lab.config.errors import InputError

BATCH = 16_384  # rows

Integers = npt.NDArray[np.int64]


class Tally(NamedTuple):
    """How many rows, and what their values add up to."""

    rows: int = 0
    total: int = 0


Tallies = dict[tuple[str | None, ...], Tally]

AtHand = Mapping[str, Sequence[pa.Table]]
"""The row groups of tables that need not be read, by name."""

NONE: AtHand = MappingProxyType({})

Read = Callable[..., Iterator[pa.RecordBatch]]
"""Gives some columns of a table of a run, by their names, a few rows at a time."""


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


def reader(tables: Path, at_hand: AtHand = NONE) -> Read:
    """Reads the tables in a folder but for those that are at hand, which have the same batches."""

    def read(name: str, *columns: str) -> Iterator[pa.RecordBatch]:
        if name in at_hand:
            return (batch for group in at_hand[name] for batch in group.select(columns).to_batches(BATCH))
        return batches(tables, name, *columns)

    return read


def tally(tables: Path, name: str, by: tuple[str, ...], value: str) -> Tallies:
    """Rows and the sum of `value` for each combination of the labels `by`, in order of appearance."""
    return tally_of(batches(tables, name, *by, value))


def tally_of(some: Iterable[pa.RecordBatch]) -> Tallies:
    """The same of batches that have the labels, and then the value."""
    found: Tallies = {}
    for batch in some:
        *labels, values = batch.columns
        firsts, groups = grouped(labels)
        rows, totals = np.bincount(groups), np.zeros(len(firsts), np.int64)
        np.add.at(totals, groups, whole(values, 0))
        order = np.argsort(firsts)
        keys = zip(*(listed(column, firsts[order]) for column in labels), strict=True)
        for key, count, total in zip(keys, rows[order].tolist(), totals[order].tolist(), strict=True):
            before = found.get(key, Tally())
            found[key] = Tally(before.rows + count, before.total + total)
    return found


def grouped(labels: Sequence[pa.DictionaryArray]) -> tuple[Integers, Integers]:
    """The first row of each combination of labels, and the combination of each row.

    Arrow groups, too; but what it needs for that takes a while to load.
    """
    codes: Integers = np.zeros(len(labels[0]), np.int64)
    combinations = 1
    for column in labels:
        missing = len(column.dictionary)
        codes = codes * (missing + 1) + whole(column.indices, missing)
        combinations *= missing + 1
    short = codes.astype(np.min_scalar_type(combinations))  # the fewer bytes, the faster they are sorted
    _, firsts, groups = np.unique(short, return_index=True, return_inverse=True)
    return firsts, groups


def overall(tallies: Tallies, *labels: str) -> Tally:
    """The tallies whose labels begin with `labels`, together."""
    some = [tally for key, tally in tallies.items() if key[: len(labels)] == labels]
    return Tally(sum(tally.rows for tally in some), sum(tally.total for tally in some))
