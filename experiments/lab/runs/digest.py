"""Digests of tables: of what they say, not of how their files lie on disk."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from chain.column_values import EVERY, NOWHERE, Flags, bits, present, stored, whole

BATCH = 16_384  # rows
SIGNATURE = "signature"

Columns = dict[str, bytes]
"""The SHA-256 of each column of a table, by name."""


def table_digest(path: Path) -> str:
    """SHA-256 over the columns of a Parquet file, value by value, whatever its row groups (hex)."""
    return digest_of_columns(column_digests(path))


def digest_of_columns(columns: Columns) -> str:
    """The digest of a table by those of its columns (hex)."""
    return hashlib.sha256(b"".join(columns.values())).hexdigest()


def content_digest(columns: Columns) -> str:
    """The same without what was signed with: a signed run and an unsigned one have it in common (hex)."""
    return digest_of_columns({name: digest for name, digest in columns.items() if name != SIGNATURE})


def column_digests(path: Path) -> Columns:
    """SHA-256 over each column of a Parquet file."""
    file = pq.ParquetFile(path, pre_buffer=False)
    digest = RunningDigest(file.schema_arrow)
    for batch in file.iter_batches(BATCH, use_threads=False):
        digest.add_batch(batch)
    pa.default_memory_pool().release_unused()
    return digest.columns()


class RunningDigest:
    """The digests of the columns of a table that comes bit by bit: of each batch of a column a byte a value for
    whether it is there, then the values that are."""

    def __init__(self, schema: pa.Schema) -> None:
        self._hashes = {name: hashlib.sha256(name.encode()) for name in schema.names}

    def add_batch(self, batch: pa.RecordBatch) -> None:
        """What comes next, as it is read from a file: where batches end shows in the digest."""
        for column, so_far in zip(batch.columns, self._hashes.values(), strict=True):
            there = present(column)
            so_far.update(there.data)
            so_far.update(bytes_of(column, there if column.null_count else EVERY))

    def columns(self) -> Columns:
        """Of all that came."""
        return {name: so_far.digest() for name, so_far in self._hashes.items()}


class WrittenDigest:
    """The digest of a table that comes as it is written, in row groups.

    They are cut as a reader of the file cuts them: after every `BATCH` rows, and where there are labels also where
    a group ends, since each group brings labels of its own.
    """

    def __init__(self, schema: pa.Schema) -> None:
        self._digest = RunningDigest(schema)
        self._has_labels = any(map(pa.types.is_dictionary, schema.types))
        self._count = 0  # rows that are in the digest
        self._waiting: list[pa.Table] = []  # less than a batch, which a group to come may complete

    def add_group(self, group: pa.Table) -> None:
        """The next row group, in one piece."""
        rows = pa.concat_tables([*self._waiting, group])
        while rows.num_rows >= (1 if self._has_labels else BATCH):
            batch = rows.slice(0, BATCH - self._count % BATCH)
            self._add(batch)
            rows = rows.slice(batch.num_rows)
        self._waiting = [rows] if rows.num_rows else []

    def end(self) -> str:
        """Of all that came (hex); nothing comes after it."""
        for rows in self._waiting:
            self._add(rows)
        return digest_of_columns(self._digest.columns())

    def _add(self, rows: pa.Table) -> None:
        for batch in rows.combine_chunks().to_batches():
            self._digest.add_batch(batch)
        self._count += rows.num_rows


def bytes_of(column: pa.Array, rows: Flags | slice) -> bytes | memoryview:
    """The values in some rows of a column, none of which is missing; a string ends with a zero byte."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        words = np.array([*map(ended, column.dictionary.to_pylist()), b""], object)
        return b"".join(words[whole(column.indices, NOWHERE)[rows]].tolist())
    if pa.types.is_string(kind):
        return b"".join(ended(text) for text in column.to_pylist() if text is not None)
    if pa.types.is_boolean(kind):
        return bits(column.buffers()[1], column.offset, len(column))[rows].data
    if pa.types.is_fixed_size_binary(kind):
        return stored(column, f"V{kind.byte_width}")[rows].data
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return stored(column, kind.to_pandas_dtype())[rows].data
    return str(column.to_pylist()).encode()  # of no table of ours


def ended(text: str) -> bytes:
    """A string with the zero byte at its end."""
    return text.encode() + b"\0"


def run_digest(tables: dict[str, str]) -> str:
    """One digest for all tables, by their names and digests (hex)."""
    lines = "".join(f"{name} {tables[name]}\n" for name in sorted(tables))
    return hashlib.sha256(lines.encode()).hexdigest()
