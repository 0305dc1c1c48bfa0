"""Payments as Parquet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chain.rewards.payment_table import PaymentTable, is_numeric, short, texts

MAGIC = b"PAR1"


class PaymentParquet(PaymentTable):
    """A Parquet file. Raises what pyarrow raises where it is none."""

    def __init__(self, data: bytes) -> None:
        from pyarrow import BufferReader, parquet

        self._file = parquet.ParquetFile(BufferReader(data))
        super().__init__(self._file.schema_arrow.names)
        self._columns: dict[str, Any] = {}

    def load(self, names: Sequence[str]) -> None:
        self._columns = {name: self._read(name) for name in names}

    def __len__(self) -> int:
        return int(self._file.metadata.num_rows)

    def column(self, name: str) -> Any:
        return self._columns[name]

    def place(self, row: int) -> str:
        return f"row {row + 1}"

    def _read(self, name: str) -> Any:
        from pyarrow import string, types

        place = self.names.index(name)
        own = self._file.schema_arrow.names[place]
        column = self._file.read([own])[own].combine_chunks()
        if is_numeric(column):
            return column
        kind = column.type.value_type if types.is_dictionary(column.type) else column.type
        if not (
            types.is_decimal(kind) or types.is_string(kind) or types.is_large_string(kind) or types.is_null(kind)
        ):
            raise ValueError(f"column {short(name)} has values of type {kind}; give numbers, or texts of numbers")
        return texts(column.cast(string()).to_pylist())
