"""A user's file of payments, as one amount a block."""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chain.rewards.block_order import find_numbering, put_in_order
from chain.rewards.payment_bytes import read_bytes, unpacked
from chain.rewards.payment_column import MISSING, find_payment_column
from chain.rewards.payment_json import PaymentJson
from chain.rewards.payment_parquet import MAGIC, PaymentParquet
from chain.rewards.payment_table import PaymentTable, listed
from chain.rewards.payment_text import PaymentText, decoded, encoding_of

HEAD = 4096
"""Bytes by which a file is known."""


@dataclass(frozen=True)
class Payments:
    """The payments of a file: `gwei` is int64, one a block, `MISSING` where the block has none."""

    gwei: NDArray[np.int64]
    slots: NDArray[np.int64] | None
    """The slot of each block, `MISSING` where the file does not say; None where it names no slots."""
    first_block: int | None
    """The number of the first block, or slot; None where the file numbers none."""
    unit: str
    """What is numbered: `block`, `slot` or `row`."""
    rows: int
    """Rows of the file."""
    sha256: str
    """Of the file's bytes, in hex."""

    @property
    def absent(self) -> NDArray[np.bool_]:
        """Which blocks have no payment."""
        return np.asarray(self.gwei == MISSING)


def read_payments(file: Path, column: str | None, unit: str | None) -> Payments:
    """Read `file`: Parquet, CSV or a relay's JSON, told by what is in it, also packed by gzip, zip or zstd.

    `find_payment_column` has the meaning of `column` and `unit`, `put_in_order` what becomes of the rows. A file
    without block or slot numbers brings a warning: each row is the next block. Raises `ValueError` with one line
    for whatever cannot be read as payments.
    """
    from pyarrow import ArrowException

    try:
        return _payments(file, column, unit)
    except FileNotFoundError:
        raise ValueError(f"{file}: no such file") from None
    except (ArrowException, OSError) as problem:  # some of the first are `ValueError`s
        raise ValueError(f"{file}: unreadable: {first_line(problem)}") from None
    except ValueError as problem:
        raise ValueError(f"{file}: {problem}") from None


def _payments(file: Path, column: str | None, unit: str | None) -> Payments:
    data = read_bytes(file)
    table = open_table(file, unpacked(data))
    payment = find_payment_column(table.names, column, unit)
    numbering = find_numbering(name for name in table.names if name != payment.name)
    table.load([payment.name, *numbering.names])
    gwei = payment.gwei(table)
    if not (gwei != MISSING).any():
        raise ValueError(f"empty: no payment in its {len(table)} rows")
    order = put_in_order(table, numbering, gwei)
    if order.unit == "row":
        what = f"{file}: no column of block or slot numbers among {listed(table.names)}"
        warnings.warn(f"{what}; each row is taken for the next block", stacklevel=2)
    return Payments(order.gwei, order.slots, order.first, order.unit, len(table), hashlib.sha256(data).hexdigest())


def first_line(problem: Exception) -> str:
    """What a library says is wrong, cut at 200 letters."""
    said = getattr(problem, "strerror", None) or str(problem)
    return (said.splitlines() or [type(problem).__name__])[0][:200]


def open_table(file: Path, data: bytes) -> PaymentTable:
    """The table that some data are. Raises `ValueError`."""
    if data.startswith(MAGIC) or file.suffix.lower() in (".parquet", ".pq"):
        return PaymentParquet(data)
    head = data[:HEAD].decode(encoding_of(data), errors="replace")
    if head.lstrip().startswith(("[", "{")):
        return PaymentJson(decoded(data))
    return PaymentText(data)
