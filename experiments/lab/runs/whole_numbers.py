"""Columns of whole numbers as arrays, exact however large the numbers are."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Flags = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]


def present(column: pa.Array) -> Flags:
    """Which of its values are there."""
    bits, start, count = column.buffers()[0], column.offset, len(column)
    if bits is None:
        return np.ones(count, bool)
    flags = np.unpackbits(np.frombuffer(bits, np.uint8), count=start + count, bitorder="little")
    return flags[start:].astype(bool)


def whole(column: pa.Array, missing: int) -> Integers:
    """A column of integers, with `missing` where one is missing."""
    _, data = column.buffers()
    stored = np.frombuffer(
        data, column.type.to_pandas_dtype(), len(column), column.offset * column.type.byte_width
    )
    return np.where(present(column), stored, missing)
