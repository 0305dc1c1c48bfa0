"""Digests of tables: of what they say, not of how their files lie on disk."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from chain.column_values import NOWHERE, Flags, bits, present, stored, whole

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
    there = present(column)
    return there.tobytes() + bytes_of_values(column, there)


def bytes_of_values(column: pa.Array, there: Flags) -> bytes:
    """Those of the values that are there; a string ends with a zero byte."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        words = np.array([*map(ended, column.dictionary.to_pylist()), b""], object)
        return b"".join(words[whole(column.indices, NOWHERE)[there]].tolist())
    if pa.types.is_string(kind):
        return b"".join(ended(text) for text in column.to_pylist() if text is not None)
    if pa.types.is_boolean(kind):
        return bits(column.buffers()[1], column.offset, len(column))[there].tobytes()
    if pa.types.is_fixed_size_binary(kind):
        return stored(column, f"V{kind.byte_width}")[there].tobytes()
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return stored(column, kind.to_pandas_dtype())[there].tobytes()
    return str(column.to_pylist()).encode()  # of no table of ours


def ended(text: str) -> bytes:
    """A string with the zero byte at its end."""
    return text.encode() + b"\0"


def run_digest(tables: dict[str, str]) -> str:
    """One digest for all tables, by their names and digests (hex)."""
    lines = "".join(f"{name} {tables[name]}\n" for name in sorted(tables))
    return hashlib.sha256(lines.encode()).hexdigest()
