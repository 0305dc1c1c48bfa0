"""What happened, one row a fact, in typed tables that go to disk as they grow.

A table's schema is declared beside the code that fills it. Rows wait in memory as tuples until there are
`GROUP` of them; then they become one row group of a Parquet file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

GROUP = 50_000

_LABEL = pa.dictionary(pa.int32(), pa.string())
KINDS: dict[str, pa.DataType] = {
    "account": _LABEL,  # appended as the account's number, stored as its name
    "pot": _LABEL,  # appended as the pot's number, stored as its name
    "label": _LABEL,
    "text": pa.string(),
    "integer": pa.int64(),
    "gwei": pa.int64(),
    "flag": pa.bool_(),
    "bytes32": pa.binary(32),
    "signature": pa.binary(65),
}


class Column(NamedTuple):
    """One column: its name, its kind (a key of `KINDS`) and what it means, with the unit."""

    name: str
    kind: str
    meaning: str


class Schema:
    """A table's name, meaning and columns."""

    def __init__(self, name: str, meaning: str, columns: Iterable[tuple[str, str, str]]) -> None:
        self.name = name
        self.meaning = meaning
        self.columns = tuple(Column(*column) for column in columns)

    def arrow(self) -> pa.Schema:
        """The Arrow schema of the stored table."""
        return pa.schema([(column.name, KINDS[column.kind]) for column in self.columns])


Names = Mapping[str, list[str]]


class Table:
    """Rows of one schema. `append` takes a tuple in the schema's order; None is a missing value."""

    def __init__(self, schema: Schema, names: Names, folder: Path) -> None:
        self.schema = schema
        self.path = folder / f"{schema.name}.parquet"
        self._names = names
        self._rows: list[tuple[Any, ...]] = []
        self._writer: pq.ParquetWriter | None = None
        self.append: Callable[[tuple[Any, ...]], None] = self._rows.append

    def flush(self) -> None:
        """Write the waiting rows as one row group."""
        if self._writer is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = pq.ParquetWriter(self._partial, self.schema.arrow(), compression="zstd")
        if self._rows:
            self._writer.write_table(self._take())

    def flush_if_full(self) -> None:
        if len(self._rows) >= GROUP:
            self.flush()

    def close(self) -> None:
        """Write what is left and give the file its name."""
        self.flush()
        assert self._writer is not None
        self._writer.close()
        self._partial.rename(self.path)

    @property
    def _partial(self) -> Path:
        return self.path.with_suffix(".partial")

    def _take(self) -> pa.Table:
        columns = zip(*self._rows, strict=True)
        arrays = [self._array(column, values) for column, values in zip(self.schema.columns, columns, strict=True)]
        self._rows.clear()
        return pa.Table.from_arrays(arrays, schema=self.schema.arrow())

    def _array(self, column: Column, values: Sequence[Any]) -> pa.Array:
        if column.kind in self._names:
            return pa.DictionaryArray.from_arrays(pa.array(values, pa.int32()), self._names[column.kind])
        if column.kind == "label":
            return pa.array(values, pa.string()).dictionary_encode()
        return pa.array(values, KINDS[column.kind])


class Records:
    """All tables of one run, in one folder. `names` gives the names, by number, of accounts and pots."""

    def __init__(self, folder: Path, names: Names) -> None:
        self._folder = folder
        self._names = names
        self._tables: dict[str, Table] = {}

    def table(self, schema: Schema) -> Table:
        """The table of `schema`, made at the first call."""
        if schema.name not in self._tables:
            self._tables[schema.name] = Table(schema, self._names, self._folder)
        return self._tables[schema.name]

    def flush_full(self) -> None:
        """To be called between slots: writes the tables that have a whole row group waiting."""
        for table in self._tables.values():
            table.flush_if_full()

    def close(self) -> None:
        """Write everything; every table's file exists afterwards, also an empty one."""
        for table in self._tables.values():
            table.close()
