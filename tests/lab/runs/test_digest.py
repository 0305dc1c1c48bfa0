"""Digests of tables are of what they say: value by value, in whatever groups the rows lie."""

from __future__ import annotations

import struct
from hashlib import sha256

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments.lab.runs.digest import column_digests

LABELS = ["a", None, "b", "a"]
KINDS = {
    "label": (pa.array(LABELS).dictionary_encode(), lambda word: word.encode() + b"\0"),
    "text": (pa.array(["ä", "", None, "b"]), lambda word: word.encode() + b"\0"),
    "integer": (pa.array([2**62 + 1, None, -1, 0], pa.int64()), lambda number: struct.pack("<q", number)),
    "number": (pa.array([0.1, None, -0.0, 2.0]), lambda number: struct.pack("<d", number)),
    "flag": (pa.array([True, None, False, True]), lambda flag: struct.pack("?", flag)),
    "bytes": (pa.array([b"ab", None, b"cd", b"ef"], pa.binary(2)), bytes),
}


CASES = [
    (kind, group) for kind in KINDS for group in (1, 3, 100) if (kind, group) not in (("label", 1), ("label", 3))
]
"""Where a dictionary changes with the row group, what is read at once ends there, which shows in the digest."""


@pytest.mark.parametrize(("kind", "group"), CASES)
def test_a_digest_is_that_of_its_values_one_by_one(kind, group, tmp_path):
    column, of_value = KINDS[kind]
    path = tmp_path / "table.parquet"
    pq.write_table(pa.table({kind: column}), path, row_group_size=group)
    values = column.to_pylist()
    there = bytes(value is not None for value in values)
    told = kind.encode() + there + b"".join(of_value(value) for value in values if value is not None)
    assert column_digests(path) == {kind: sha256(told).digest()}


def test_a_table_of_others_has_one_too(tmp_path):
    path = tmp_path / "table.parquet"
    digests = set()
    for lists in ([[1], [2, 3], None], [[1], [2, 4], None]):
        pq.write_table(pa.table({"list": pa.array(lists)}), path)
        digests.add(column_digests(path)["list"])
    assert len(digests) == 2
