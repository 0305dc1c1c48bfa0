"""A user's file of payments, Parquet or CSV, as one amount a block."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from chain.rewards.payment_column import MISSING, find_payment_column

BLOCK_COLUMNS = ("block", "block_number", "slot")
"""Names of the column that orders the rows, the first that there is."""

MAX_BLOCKS = 50_000_000
"""The longest stretch of blocks taken for one history; Ethereum has had half as many."""

_NULLS = ["", "null", "NA"]


@dataclass(frozen=True)
class Payments:
    """The payments of a file: `gwei` is int64, one a block, `MISSING` where the block has none."""

    gwei: NDArray[np.int64]
    first_block: int | None
    """The number of the first block, None where the file numbers none."""
    rows: int
    """Rows of the file."""
    sha256: str
    """Of the file's bytes, in hex."""


def read_payments(file: Path, column: str | None, unit: str | None) -> Payments:
    """Read `file` (`find_payment_column` has the meaning of `column` and `unit`).

    With a block column the rows are put in its order and one a block is kept, the largest payment where several
    differ; a block that is left out between others is a missing payment. Without one, each row is the next
    block. Raises `ValueError` with one line for whatever cannot be read as payments.
    """
    from pyarrow import ArrowException

    try:
        return _payments(file, column, unit)
    except FileNotFoundError:
        raise ValueError(f"{file}: no such file") from None
    except (ArrowException, OSError) as problem:
        raise ValueError(f"{file}: unreadable: {str(problem).splitlines()[0]}") from None
    except ValueError as problem:
        raise ValueError(f"{file}: {problem}") from None


def _payments(file: Path, column: str | None, unit: str | None) -> Payments:
    data = file.read_bytes()
    table = _open(file, data)
    payment = find_payment_column(table.names, column, unit)
    order = _block_column(table.names)
    wanted = [payment.name]
    if order not in (None, payment.name):
        wanted.append(order)
    columns = table.read(wanted)
    gwei = payment.gwei(columns[payment.name])
    first = None
    if not (gwei != MISSING).any():
        raise ValueError(f"empty: no payment in its {len(gwei)} rows")
    if order is not None:
        first, gwei = _one_a_block(_block_numbers(columns[order], order), gwei)
    return Payments(gwei, first, len(columns), hashlib.sha256(data).hexdigest())


class _Table(Protocol):
    names: list[str]

    def read(self, names: list[str]) -> Any:
        """These columns, as a pyarrow table."""


class _ParquetTable:
    def __init__(self, data: bytes) -> None:
        from pyarrow import BufferReader, parquet

        self._file = parquet.ParquetFile(BufferReader(data))
        self.names: list[str] = self._file.schema_arrow.names

    def read(self, names: list[str]) -> Any:
        return self._file.read(names)


class _CsvTable:
    def __init__(self, data: bytes) -> None:
        self._data = data
        head = data.split(b"\n", 1)[0].decode("utf-8-sig").rstrip("\r")
        self.names: list[str] = next(csv.reader([head]), [])

    def read(self, names: list[str]) -> Any:
        from pyarrow import BufferReader, string
        from pyarrow import csv as arrow_csv

        # As text: an amount in wei does not fit an int64 and would be read as a float.
        convert = arrow_csv.ConvertOptions(
            include_columns=names,
            column_types=dict.fromkeys(names, string()),
            null_values=_NULLS,
            strings_can_be_null=True,
        )
        # In a file of one column an empty line is a missing payment.
        parse = arrow_csv.ParseOptions(ignore_empty_lines=len(self.names) > 1)
        return arrow_csv.read_csv(BufferReader(self._data), convert_options=convert, parse_options=parse)


def _open(file: Path, data: bytes) -> _Table:
    if not data:
        raise ValueError("empty: 0 bytes")
    if data.startswith(b"PAR1") or file.suffix.lower() in (".parquet", ".pq"):
        return _ParquetTable(data)
    return _CsvTable(data)


def _block_column(names: list[str]) -> str | None:
    by_lower = {name.lower(): name for name in reversed(names)}
    return next((by_lower[name] for name in BLOCK_COLUMNS if name in by_lower), None)


def _block_numbers(column: Any, name: str) -> NDArray[np.int64]:
    missing = column.is_null().to_numpy()
    if missing.any():
        raise ValueError(f"row {int(missing.argmax()) + 1} has no number in {name!r}")
    numbers: NDArray[np.int64] = column.cast("int64").to_numpy()
    if (stretch := int(numbers.max()) - int(numbers.min()) + 1) > MAX_BLOCKS:
        raise ValueError(f"the numbers in {name!r} span {stretch} blocks; at most {MAX_BLOCKS} can be replayed")
    return numbers


def _one_a_block(blocks: NDArray[np.int64], gwei: NDArray[np.int64]) -> tuple[int, NDArray[np.int64]]:
    first = int(blocks.min())
    kept = np.full(int(blocks.max()) - first + 1, MISSING, dtype=np.int64)
    np.maximum.at(kept, blocks - first, gwei)
    return first, kept
