"""What stored columns hold, as numbers, labels and lists: as Arrow has it, in any part of a column."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from chain.column_values import having, joined, labelled, listed, present, whole

LARGE = 2**62 + 1  # no float has it
COLUMNS = [
    pa.array([LARGE, None, 5, None, 7], pa.int64()),
    pa.array([1, 2, 3, 4, 5], pa.int32()),
    pa.array([0.5, None, 2.5, 0.0, None], pa.float64()),
    pa.array([True, None, False, True, False]),
    pa.array([b"ab", None, b"cd", b"", b"e"], pa.binary()),
    pa.array(["a", None, "b", "a", "c"]).dictionary_encode(),
    pa.array([None] * 5, pa.string()).dictionary_encode(),
]


def test_whole_numbers_are_exact_in_any_part_of_a_column():
    column = pa.array([LARGE, None, 5, None, 7], pa.int64())
    for start in range(5):
        part = column.slice(start)
        assert whole(part, -1).tolist() == [LARGE, -1, 5, -1, 7][start:]
        assert present(part).tolist() == [True, False, True, False, True][start:]
    assert whole(pa.array([1, 2], pa.int32()), 0).tolist() == [1, 2]
    assert whole(pa.array([], pa.int64()), 0).tolist() == []


@pytest.mark.parametrize("column", COLUMNS)
def test_values_are_listed_as_arrow_lists_them(column):
    for start in range(6):
        part = column.slice(start)
        assert listed(part) == part.to_pylist()
        assert listed(part, np.arange(len(part))[::2]) == part.to_pylist()[::2]


def test_rows_are_chosen_by_their_label():
    column = COLUMNS[5]
    assert [having(column, label).tolist() for label in ("a", "c", "none")] == [[0, 3], [4], []]
    assert having(column.slice(1), "a").tolist() == [2]


@pytest.mark.parametrize("words", [["b", "a", None, "b"], [None, None], []])
def test_labels_are_encoded_as_arrow_encodes_them(words):
    assert labelled(words).equals(pa.array(words, pa.string()).dictionary_encode())


def test_labels_that_are_joined_stand_in_order_of_appearance():
    names = pa.array(["never", "late", "early", "early"])
    parts = [
        pa.DictionaryArray.from_arrays(pa.array([2, None, 1, 3], pa.int32()), names),
        pa.DictionaryArray.from_arrays(pa.array([1, 0], pa.int32()), pa.array(["new", "late"])),
        COLUMNS[5].slice(4),
    ]
    words = ["early", None, "late", "early", "late", "new", "c"]
    assert joined(parts).equals(pa.array(words).dictionary_encode())
    assert joined([part.slice(1) for part in parts[:2]]).to_pylist() == [None, "late", "early", "new"]
