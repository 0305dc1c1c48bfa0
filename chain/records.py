"""What happened, one row a fact, in typed tables that go to disk as they grow.

A table's schema is declared beside the code that fills it. Rows wait in memory as tuples. While a run goes on they
are written part by part, each part a Parquet file of its own that a crash cannot harm:

    FOLDER/parts/NAME.00000.parquet, …

In the end they become FOLDER/NAME.parquet, in row groups of `GROUP`, whatever the parts were.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from hashlib import file_digest
from operator import itemgetter
from pathlib import Path
from sys import getsizeof
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from chain.column_values import joined, labelled
from chain.whole_file import Opener, whole_file, whole_files

GROUP = 50_000
PART_BYTES = 4_000_000  # of memory that the waiting rows of a table take, as Python's objects
PARTS = "parts"

_LABEL = pa.dictionary(pa.int32(), pa.string())
KINDS: dict[str, pa.DataType] = {
    "account": _LABEL,  # appended as the account's number, stored as its name
    "pot": _LABEL,  # appended as the pot's number, stored as its name
    "label": _LABEL,
    "text": pa.string(),
    "integer": pa.int64(),
    "gwei": pa.int64(),
    "flag": pa.bool_(),
    "number": pa.float64(),
    "bytes32": pa.binary(32),
    "signature": pa.binary(65),
}
_OWN_BYTES = {
    "account": getsizeof(2**32),
    "pot": getsizeof(2**32),
    "integer": getsizeof(2**63),
    "gwei": getsizeof(2**63),
    "number": getsizeof(0.5),
    "bytes32": getsizeof(bytes(32)),
    "signature": getsizeof(bytes(65)),
}
"""The most that a value of a kind takes. Labels and flags are there once for all rows; each text is measured."""


class DamagedPart(Exception):
    """A part of a table is gone, or not what was written; the message is its place."""


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
        self._in_order = itemgetter(*(column.name for column in self.columns))

    def row(self, **values: Any) -> tuple[Any, ...]:
        """A row by its columns' names. Raises `TypeError` unless each of them is there, and no other."""
        if len(values) == len(self.columns):
            try:
                row: tuple[Any, ...] = self._in_order(values)
            except KeyError:
                pass
            else:
                return row
        odd = ", ".join(sorted(values.keys() ^ {column.name for column in self.columns}))
        raise TypeError(f"the row of {self.name!r} has columns missing, or too many: {odd}")

    def arrow(self) -> pa.Schema:
        """The Arrow schema of the stored table."""
        return pa.schema([(column.name, KINDS[column.kind]) for column in self.columns])

    @cached_property
    def stored(self) -> dict[str, Any]:
        """How Parquet stores it. Numbers hardly repeat: a dictionary of them takes more time, and more bytes."""
        labels = [column.name for column in self.columns if KINDS[column.kind] == _LABEL]
        return {"compression": "zstd", "use_dictionary": labels or False}

    @cached_property
    def row_bytes(self) -> int:
        """The most memory that a row takes while it waits, its texts apart."""
        values = sum(_OWN_BYTES.get(column.kind, 0) for column in self.columns)
        return getsizeof((None,) * len(self.columns)) + values

    @cached_property
    def texts(self) -> tuple[int, ...]:
        """The places of the columns that hold texts."""
        return tuple(place for place, column in enumerate(self.columns) if column.kind == "text")


Names = Mapping[str, list[str]]

GroupHearer = Callable[[pa.Table], None]
"""Is told each row group of a table, in their order."""

Listener = Callable[[Schema], GroupHearer]
"""Says who is told what is written of a table."""


def unheard(schema: Schema) -> GroupHearer:  # noqa: ARG001
    """Where nobody listens."""
    return lambda _: None


class Table:
    """Rows of one schema. `append` takes a tuple in the schema's order; None is a missing value."""

    def __init__(self, schema: Schema, names: Names, folder: Path) -> None:
        self.schema = schema
        self.folder = folder
        self._names = names
        self._parts: list[str] = []  # the SHA-256 of each, hex
        self._rows: list[tuple[Any, ...]] = []
        self._row_bytes = schema.row_bytes
        self._most_rows = -(-PART_BYTES // schema.row_bytes)  # texts apart
        self._texts = schema.texts
        self._measured = 0  # rows
        self._text_bytes = 0  # of these
        self.append: Callable[[tuple[Any, ...]], None] = self._rows.append

    def flush(self) -> None:
        """Write the waiting rows as a part."""
        if self._rows:
            place = self._part(len(self._parts))
            place.parent.mkdir(parents=True, exist_ok=True)
            with whole_file(place) as file:
                pq.write_table(self._take(), file, **self.schema.stored)
            self._parts.append(digest_of(place))

    def flush_if_full(self) -> None:
        if len(self._rows) >= self._most_rows or (self._texts and self.held_bytes() >= PART_BYTES):
            self.flush()

    def held_bytes(self) -> int:
        """The most memory that the waiting rows take. Long texts fill a table by few rows."""
        if self._texts:
            self._measure_texts()
        return len(self._rows) * self._row_bytes + self._text_bytes

    def close(self, opened: Opener, hear: GroupHearer) -> None:
        """Write all rows as one file, and tell `hear` what is written."""
        self.folder.mkdir(parents=True, exist_ok=True)
        schema = self.schema.arrow()
        file = opened(self.folder / f"{self.schema.name}.parquet")
        with pq.ParquetWriter(file, schema, **self.schema.stored) as writer:
            for rows in regrouped(self._stored()):
                write_group(encoded(rows, schema), writer, hear)
        pa.default_memory_pool().release_unused()  # else a long run keeps what each table took, up to its end

    def check(self, folder: Path) -> None:
        """Raises `DamagedPart` unless all that was written lies in `folder` as it was."""
        for number, digest in enumerate(self._parts):
            part = part_of(folder, self.schema.name, number)
            if not part.is_file() or digest_of(part) != digest:
                raise DamagedPart(str(part))

    def rewind(self, folder: Path) -> None:
        """The table lies in `folder`, and what was written there later than this object knows of is not valid."""
        self.folder = folder
        (folder / f"{self.schema.name}.parquet").unlink(missing_ok=True)
        number = len(self._parts)
        while (later := self._part(number)).exists():
            later.unlink()
            number += 1

    def _part(self, number: int) -> Path:
        return part_of(self.folder, self.schema.name, number)

    def _stored(self) -> Iterator[pa.Table]:
        for number in range(len(self._parts)):
            with pq.ParquetFile(self._part(number), pre_buffer=False) as part:
                yield part.read(use_threads=False)
        if self._rows:
            yield self._take()

    def _measure_texts(self) -> None:
        added = self._rows[self._measured :]
        self._text_bytes += sum(getsizeof(row[place]) for row in added for place in self._texts)
        self._measured = len(self._rows)

    def _take(self) -> pa.Table:
        columns = zip(*self._rows, strict=True)
        arrays = [self._array(column, values) for column, values in zip(self.schema.columns, columns, strict=True)]
        self._rows.clear()
        self._measured = self._text_bytes = 0
        return pa.Table.from_arrays(arrays, schema=self.schema.arrow())

    def _array(self, column: Column, values: Sequence[Any]) -> pa.Array:
        if column.kind in self._names:
            return pa.DictionaryArray.from_arrays(pa.array(values, pa.int32()), self._names[column.kind])
        if column.kind == "label":
            return labelled(values)
        return pa.array(values, KINDS[column.kind])


def part_of(folder: Path, table: str, number: int) -> Path:
    """The file of a part."""
    return folder / PARTS / f"{table}.{number:05}.parquet"


def digest_of(part: Path) -> str:
    """The SHA-256 of a file, hex."""
    with part.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def write_group(group: pa.Table, writer: pq.ParquetWriter, hear: GroupHearer) -> None:
    """Write a row group, and tell `hear` of it."""
    writer.write_table(group)
    hear(group)


def regrouped(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The same rows in tables of `GROUP` rows; the last one has what is left."""
    waiting: pa.Table | None = None
    for table in tables:
        if waiting is not None:
            table = pa.concat_tables([waiting, table])
        waiting = table
        while waiting.num_rows >= GROUP:
            yield waiting.slice(0, GROUP)
            waiting = waiting.slice(GROUP)
    if waiting is not None and waiting.num_rows:
        yield waiting


def encoded(group: pa.Table, schema: pa.Schema) -> pa.Table:
    """A row group in one piece, whose dictionaries hold what is in it: the file says nothing of the parts that it
    came from, and where they end is a matter of the clock."""
    columns = [
        joined(column.chunks) if pa.types.is_dictionary(column.type) else column.combine_chunks()
        for column in group.columns
    ]
    return pa.Table.from_arrays(columns, schema=schema)


class Records:
    """All tables of one run, in one folder. `names` gives the names, by number, of accounts and pots."""

    def __init__(self, folder: Path, names: Names) -> None:
        self._folder = folder
        self._names = names
        self._tables: dict[str, Table] = {}
        self._listener: Listener = unheard

    def table(self, schema: Schema) -> Table:
        """The table of `schema`, made at the first call."""
        if schema.name not in self._tables:
            self._tables[schema.name] = Table(schema, self._names, self._folder)
        return self._tables[schema.name]

    def flush_full(self) -> None:
        """To be called between slots: writes a part of the tables whose waiting rows take `PART_BYTES`."""
        for table in self._tables.values():
            table.flush_if_full()

    def held_bytes(self) -> int:
        """The most memory that all waiting rows take."""
        return sum(table.held_bytes() for table in self._tables.values())

    def flush(self) -> None:
        """Write all rows that wait, so that a checkpoint need not hold them."""
        for table in self._tables.values():
            table.flush()

    def listen(self, listener: Listener) -> None:
        """Let `listener` know of what `close` is going to write, so that nobody need read it again."""
        self._listener = listener

    def close(self) -> None:
        """Write every table's file, also an empty one. The parts stay until `drop_parts`."""
        with whole_files() as opened:
            for table in self._tables.values():
                table.close(opened, self._listener(table.schema))

    def drop_parts(self) -> None:
        """Remove what only a resumed run would need."""
        shutil.rmtree(self._folder / PARTS, ignore_errors=True)

    def check(self, folder: Path) -> None:
        """Raises `DamagedPart` unless all that was written lies in `folder` as it was."""
        for table in self._tables.values():
            table.check(folder)

    def rewind(self, folder: Path) -> None:
        """Go on in `folder` from where this object stands: what was written there later is removed."""
        self._folder = folder
        for table in self._tables.values():
            table.rewind(folder)
