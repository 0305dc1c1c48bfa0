"""Digests of tables: of what they say, not of how their files lie on disk."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

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
    hashes = {name: hashlib.sha256(name.encode()) for name in file.schema_arrow.names}
    for batch in file.iter_batches(BATCH, use_threads=False):
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            hashes[name].update(column_bytes(column))
    pa.default_memory_pool().release_unused()
    return {name: column.digest() for name, column in hashes.items()}


def column_bytes(column: pa.Array) -> bytes:
    """One batch of a column as bytes: a byte a value for whether it is there, then the values that are."""
    present = b"\1" * len(column)
    if column.null_count:
        present = pc.is_valid(column).to_numpy(zero_copy_only=False).tobytes()
        column = column.drop_null()
    return present + bytes_of_values(column)


def bytes_of_values(values: pa.Array) -> bytes:
    """Those of values of which none is missing; a string ends with a zero byte."""
    if pa.types.is_dictionary(values.type):
        return content(ended(values.dictionary).take(values.indices))
    if pa.types.is_string(values.type):
        return content(ended(values))
    if pa.types.is_fixed_size_binary(values.type):
        return content(values.cast(pa.binary()))
    numbers: bytes = np.ascontiguousarray(values.to_numpy(zero_copy_only=False)).tobytes()
    return numbers


def ended(strings: pa.Array) -> pa.Array:
    """Each string with the zero byte at its end."""
    return pc.binary_join_element_wise(strings, "", "\0")


def content(values: pa.Array) -> bytes:
    """The bytes of strings or binaries, one after the other; none is missing."""
    _, offsets, data = values.buffers()
    if data is None or not len(values):
        return b""
    ends = np.frombuffer(offsets, np.int32)
    return bytes(memoryview(data)[ends[values.offset] : ends[values.offset + len(values)]])


def run_digest(tables: dict[str, str]) -> str:
    """One digest for all tables, by their names and digests (hex)."""
    lines = "".join(f"{name} {tables[name]}\n" for name in sorted(tables))
    return hashlib.sha256(lines.encode()).hexdigest()
