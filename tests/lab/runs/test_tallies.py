"""Rows are counted and summed by labels as a loop would do it, and whole numbers stay exact."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments.lab.runs.tallies import tally


def by_loop(rows):
    found = {}
    for *labels, value in rows:
        count, total = found.get(tuple(labels), (0, 0))
        found[tuple(labels)] = (count + 1, total + (value or 0))
    return found


@pytest.mark.parametrize("group", [2, 5, 100])
def test_a_tally_is_that_of_a_loop(group, tmp_path, monkeypatch):
    monkeypatch.setattr("experiments.lab.runs.tallies.BATCH", group)
    rng = np.random.default_rng(5)
    some = [*"abc", None]
    rows = [(some[a], some[b], None if v == 3 else v) for a, b, v in rng.integers(0, 4, (60, 3)).tolist()]
    label = pa.dictionary(pa.int32(), pa.string())
    columns = [
        pa.array(column, kind)
        for column, kind in zip(zip(*rows, strict=True), (label, label, pa.int64()), strict=True)
    ]
    pq.write_table(pa.table(columns, ["one", "other", "value"]), tmp_path / "rows.parquet", row_group_size=group)
    found = tally(tmp_path, "rows", ("one", "other"), "value")
    assert list(found.items()) == list(by_loop(rows).items())
