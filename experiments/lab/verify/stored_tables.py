"""The tables of a run, read a few rows at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from math import inf
from operator import attrgetter
from pathlib import Path
from typing import Any, Generic, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from chain.records import PARTS
from experiments.lab.config.errors import InputError
from experiments.lab.runs.differences import shown
from experiments.lab.runs.digest import SIGNATURE
from experiments.lab.runs.folder import TABLES, way_on
from experiments.lab.runs.schema import EXTRA, SCHEMAS
from experiments.lab.verify.fault import Fault, agree, misfit
from experiments.lab.verify.rows import Arrival, R, Row, name_of, needed_columns

BATCH = 8_192  # rows

A = TypeVar("A", bound=Arrival)


def what_became_of(table: Path) -> str:
    """Of a run one of whose tables is not there: whether it was cut off, and how it goes on."""
    run = table.parents[1]
    if (run / TABLES / PARTS).is_dir():
        return f"the run was cut off; {way_on(run)}"
    return "the run is incomplete"


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turns what goes wrong with a file into one clear line. Raises `InputError`."""
    try:
        yield
    except FileNotFoundError:
        raise InputError(f"{path}: the table is missing; {what_became_of(path)}") from None
    except (pa.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"{path}: cannot be read as a table: {reason}") from None


class StoredTables:
    """All tables in a folder. Raises `InputError` for one that is missing, unreadable or another table."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lengths: dict[str, int] = {}
        for schema in (*SCHEMAS, *(extra for extra in EXTRA if self.path(extra.name).is_file())):
            path = self.path(schema.name)
            with reading(path), pq.ParquetFile(path) as file:
                self.lengths[schema.name] = file.metadata.num_rows
                if not file.schema_arrow.equals(schema.arrow()):
                    raise InputError(f"{path}: its columns are not those of the table {schema.name}")

    def path(self, name: str) -> Path:
        """The file of a table."""
        return self.folder / f"{name}.parquet"

    def rows(self, kind: type[R]) -> Iterator[R]:
        """The rows of a table as they are stored. Raises `Fault` for a value that is missing."""
        name, needed = name_of(kind), needed_columns(kind)
        make: Callable[[tuple[Any, ...]], R] = partial(tuple.__new__, kind)  # what `_make` does too, more slowly
        for start, batch in self._batches(name):
            check_values_are_there(name, batch, needed, start)
            yield from map(make, zip(count(start), *map(plain, batch.columns), strict=False))

    def signatures(self) -> int:
        """How many signatures there are in all tables."""
        return sum(self._present(name, SIGNATURE) for name in self.lengths)

    def _present(self, name: str, column: str) -> int:
        with reading(self.path(name)), pq.ParquetFile(self.path(name), pre_buffer=False) as file:
            if column not in file.schema_arrow.names:
                return 0
            batches = file.iter_batches(BATCH, columns=[column], use_threads=False)
            return sum(batch.num_rows - batch.column(0).null_count for batch in batches)

    def matching(self, kind: type[R], column: str, values: Iterable[int]) -> Iterator[R]:
        """The rows of a table that have one of `values` in `column`. Raises `Fault` as `rows` does."""
        wanted, name, needed = pa.array(values, pa.int64()), name_of(kind), needed_columns(kind)
        for start, batch in self._batches(name):
            check_values_are_there(name, batch, needed, start)
            places = pc.indices_nonzero(pc.is_in(batch.column(column), wanted))
            found = [plain(batch_column.take(places)) for batch_column in batch.columns]
            yield from map(kind, (start + place for place in places.to_pylist()), *found)

    def _batches(self, name: str) -> Iterator[tuple[int, pa.RecordBatch]]:
        """A table in pieces, each with the place of its first row."""
        start = 0
        with reading(self.path(name)), pq.ParquetFile(self.path(name), pre_buffer=False) as file:
            for batch in file.iter_batches(BATCH, use_threads=False):
                yield start, batch
                start += batch.num_rows


def check_values_are_there(name: str, batch: pa.RecordBatch, needed: tuple[str, ...], start: int) -> None:
    """Raises `Fault` at the first missing value of a column that has one in every row."""
    for column in needed:
        if batch.column(column).null_count:
            row = start + pc.index(pc.is_null(batch.column(column)), True).as_py()
            raise Fault(name, row, column, None, "a value")


def plain(column: pa.Array) -> list[Any]:
    """One column of a batch as Python values."""
    if pa.types.is_dictionary(column.type):
        words = column.dictionary.to_pylist()
        places = column.indices
        return [None if place is None else words[place] for place in plain(places)]
    if pa.types.is_integer(column.type) and not column.null_count:
        numbers: list[int] = column.to_numpy().tolist()
        return numbers
    values: list[Any] = column.to_pylist()
    return values


def by_number(rows: Iterator[A], column: str) -> Iterator[A]:
    """Rows in the order of their numbers 0, 1, 2, … in `column`. They are stored in the order in which they ended,
    so that not much more than what is open at one time waits here."""
    waiting: dict[int, A] = {}
    due = 0
    number_of = attrgetter(column)
    for row in rows:
        number = number_of(row)
        if number == due and not waiting:
            yield row
            due += 1
            continue
        if number < due or number in waiting:
            raise misfit(row, column, "a number of its own")
        waiting[number] = row
        while due in waiting:
            yield waiting.pop(due)
            due += 1
    if waiting:
        raise misfit(waiting[min(waiting)], column, due, "numbers leave none out")


def in_order(rows: Iterator[R], *columns: str) -> Iterator[R]:
    """The same rows, checked to lie in the order of their `columns`; what has not ended comes last."""
    place_of = attrgetter(*columns, columns[0])  # twice: a tuple also where it is one column
    before: Place = (-inf,)
    for row in rows:
        now = place_of(row)
        try:
            is_earlier = now < before
        except TypeError:
            is_earlier = ended(now) < ended(before)
        if is_earlier:
            raise misfit(row, columns[0], f"{ended(before)[0]:g} or later", "rows lie in the order of time")
        before = now
        yield row


Place = tuple[float | None, ...]
"""When something came or ended; None where it has not ended."""


def ended(place: Place) -> tuple[float, ...]:
    """The place with a number for what has not ended."""
    return tuple(inf if value is None else value for value in place)


class Feed(Generic[R]):
    """Rows that come slot by slot."""

    def __init__(self, rows: Iterator[R]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def of(self, slot: int) -> Iterator[R]:
        """The rows of a slot, which is the first or follows on the one before. Raises `Fault` for one that lies
        before it."""
        while self._next is not None and self._next.slot <= slot:
            row, self._next = self._next, next(self._rows, None)
            if row.slot < slot:
                raise misfit(row, "slot", f"{slot} or later", "the run begins with slot -1")
            yield row

    def end(self) -> None:
        """Raises `Fault` where a row lies behind the last slot."""
        if self._next is not None:
            raise misfit(self._next, "slot", "a slot of the run", "the run ends before it")


class DerivedTable(Generic[R]):
    """A table, numbered from 0, of which every row follows from other tables."""

    def __init__(self, kind: type[R], rows: Iterator[R]) -> None:
        self._kind: Any = kind
        self._rows = rows
        self.count = 0

    def expect(self, *values: object) -> None:
        """Raises `Fault` unless the next row has these values, in the order of the table."""
        row = next(self._rows, None)
        expected = self._kind(self.count, self.count, *values)
        if row is None:
            raise Fault(name_of(self._kind), self.count, None, None, described(expected))
        if row != expected:
            agree(row, **expected._asdict())
        self.count += 1

    def end(self) -> None:
        """Raises `Fault` where there is a row too many."""
        row = next(self._rows, None)
        if row is not None:
            raise Fault(name_of(self._kind), row.at, None, described(row), "no such row")


def described(row: Row) -> str:
    """A row in words."""
    return ", ".join(f"{name} {shown(value)}" for name, value in list(row._asdict().items())[1:])
