"""What stored columns hold, by numpy. Arrow does the same with more kinds of values, but what it needs for that
takes a while to load."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Flags = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]
Rows = Integers | slice

EVERY = slice(None)
NOWHERE = -1


def bits(buffer: pa.Buffer, start: int, count: int) -> Flags:
    """Some bits of a buffer, the lowest of each byte first."""
    flags = np.unpackbits(np.frombuffer(buffer, np.uint8), count=start + count, bitorder="little")
    return flags[start:].astype(bool)


def present(column: pa.Array) -> Flags:
    """Which of its values are there."""
    if not column.null_count:
        return np.ones(len(column), bool)
    return bits(column.buffers()[0], column.offset, len(column))


def stored(column: pa.Array, kind: npt.DTypeLike) -> npt.NDArray[Any]:
    """The values of a column of a fixed width as they lie there; one that is missing may be any."""
    return np.frombuffer(column.buffers()[1], kind, len(column), column.offset * np.dtype(kind).itemsize)


def whole(column: pa.Array, missing: int) -> Integers:
    """A column of integers, exact however large they are, with `missing` where one is missing."""
    numbers = stored(column, column.type.to_pandas_dtype())
    return np.where(present(column), numbers, missing) if column.null_count else numbers


def listed(column: pa.Array, rows: Rows = EVERY) -> list[Any]:
    """The values in some rows of a column as Python's own; None where one is missing."""
    if pa.types.is_dictionary(column.type):
        words = np.array([*column.dictionary.to_pylist(), None], object)
        found: list[Any] = words[whole(column.indices, NOWHERE)[rows]].tolist()
        return found
    if not pa.types.is_integer(column.type):
        values: list[Any] = np.array([*column.to_pylist(), None], object)[:-1][rows].tolist()
        return values
    numbers: list[Any] = whole(column, 0)[rows].tolist()
    for place in np.flatnonzero(~present(column)[rows]).tolist() if column.null_count else ():
        numbers[place] = None
    return numbers


def having(column: pa.DictionaryArray, label: str) -> Integers:
    """The rows of a column of labels that have this one."""
    words = column.dictionary.to_pylist()
    if label not in words:
        return np.zeros(0, np.int64)
    return np.flatnonzero(whole(column.indices, NOWHERE) == words.index(label))


def labelled(words: Sequence[str | None]) -> pa.DictionaryArray:
    """Words as a column of labels; None where one is missing."""
    known = [word for word in dict.fromkeys(words) if word is not None]
    places: dict[str | None, int] = {None: NOWHERE}
    for word in known:
        places[word] = len(places) - 1
    return by_place(np.fromiter(map(places.__getitem__, words), np.int32, len(words)), known)


def by_place(indices: npt.NDArray[np.int32], labels: Iterable[str]) -> pa.DictionaryArray:
    """A column of labels by their places; `NOWHERE` without one."""
    there = np.packbits(indices != NOWHERE, bitorder="little")
    buffers = [pa.py_buffer(there), pa.py_buffer(indices)]
    places = pa.Array.from_buffers(pa.int32(), len(indices), buffers)
    return pa.DictionaryArray.from_arrays(places, pa.array(list(labels), pa.string()))


def joined(columns: Sequence[pa.DictionaryArray]) -> pa.DictionaryArray:
    """Columns of labels as one, whose dictionary has those that are in it, in order of appearance."""
    places: dict[str, int] = {}
    return by_place(np.concatenate([renumbered(column, places) for column in columns]), places)


def renumbered(column: pa.DictionaryArray, places: dict[str, int]) -> npt.NDArray[np.int32]:
    """The place of the label in each row; labels that are new are added to the places. `NOWHERE` without one."""
    words = column.dictionary.to_pylist()
    given = whole(column.indices, NOWHERE)
    first = np.full(len(words) + 1, len(given))
    first[given[::-1]] = np.arange(len(given))[::-1]  # the last one set stays
    for place in np.argsort(first[:-1], kind="stable").tolist():
        if first[place] < len(given):
            places.setdefault(words[place], len(places))
    return np.array([*(places.get(word, NOWHERE) for word in words), NOWHERE], np.int32)[given]
