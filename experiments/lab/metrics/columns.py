"""Columns of a run's tables, out of a dataframe or straight from the file, as numpy arrays."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from experiments.lab.config.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.object_]

Columns = Mapping[str, Any]
"""A table, column by column: a pandas dataframe, or a dictionary of arrays."""


def read(tables: Path, name: str, *columns: str) -> Columns:
    """Some columns of a stored table. A missing number is NaN, a missing label None. Raises `InputError`."""
    import pyarrow as pa  # who asks for the names of metrics reads no table
    import pyarrow.parquet as pq

    place = tables / f"{name}.parquet"
    try:
        with pq.ParquetFile(place, pre_buffer=False) as file:
            table = file.read(columns=list(columns), use_threads=False)
            return {column: unpacked(table.column(column)) for column in columns}
    except (OSError, KeyError, pa.ArrowInvalid) as error:
        raise InputError(f"{place}: cannot be read: {error}; name the folder of a run's tables") from None


def unpacked(column: pa.ChunkedArray) -> npt.NDArray[Any]:
    """A stored column as an array; labels become Python's strings."""
    from pyarrow.types import is_dictionary  # as above

    if not is_dictionary(column.type):
        return np.asarray(column.to_numpy())
    parts = [decoded(chunk) for chunk in column.chunks]
    if parts:
        return np.concatenate(parts)
    return np.empty(0, object)


def decoded(chunk: pa.DictionaryArray) -> Labels:
    """The labels of one row group."""
    words: Labels = np.array([*chunk.dictionary.to_pylist(), None], object)
    places: Integers = chunk.indices.fill_null(len(words) - 1).to_numpy()
    return words[places]


def numbers(column: Any) -> Floats:
    """A column of numbers; what is missing is NaN."""
    return np.asarray(column, float)


def labels(column: Any) -> Labels:
    """A column of names."""
    return np.asarray(column, object)


def having(column: Any, *wanted: str) -> Flags:
    """Which rows have one of these labels."""
    names = labels(column)
    found = np.zeros(len(names), bool)
    for label in wanted:
        found |= np.asarray(names == label, bool)
    return found


def coded(column: Any) -> tuple[Integers, list[str]]:
    """Names as places in a list of names, in order of appearance; −1 where one is missing."""
    given = labels(column).tolist()
    known = [name for name in dict.fromkeys(given) if name is not None and name == name]  # NaN is not itself
    places = {name: place for place, name in enumerate(known)}
    return np.fromiter(map(places.get, given, repeat(-1)), np.int64, len(given)), known


def belongs(names: Any, group: Collection[str]) -> Flags:
    """Which of these names are in the group; a missing one is not."""
    codes, known = coded(names)
    return np.array([*(name in group for name in known), False], bool)[codes]
