"""What a run knows of its tables as it writes them is what a reader finds in their files."""

from __future__ import annotations

import pytest

from chain.records import Records, Schema
from experiments.lab.runs.digest import table_digest
from experiments.lab.runs.tallies import reader
from experiments.lab.runs.written_tables import WrittenTables

GROUP = 50
BATCH = 16
LABELS = [("reason", "label", ""), ("payer", "pot", "")]
OTHERS = [("amount", "gwei", ""), ("signature", "signature", ""), ("message", "text", ""), ("drawn", "flag", "")]
SCHEMAS = (Schema("labels", "", LABELS), Schema("others", "", OTHERS), Schema("both", "", LABELS + OTHERS))


def row(number):
    labels = (["bid", None, f"sale {number // 40}"][number % 3], number % 2)
    others = (number if number % 5 else None, bytes(65), "ä" * (number % 4), number % 7 == 0)
    return {"labels": labels, "others": others, "both": labels + others}


@pytest.fixture(params=[0, 1, BATCH, GROUP, GROUP + 1, 2 * GROUP + 13])
def written(request, tmp_path, monkeypatch):
    monkeypatch.setattr("chain.records.GROUP", GROUP)
    for place in ("digest", "tallies"):
        monkeypatch.setattr(f"experiments.lab.runs.{place}.BATCH", BATCH)
    records, tables = Records(tmp_path, {"pot": ["ann", "ann/escrow"]}), WrittenTables()
    for number in range(request.param):
        for schema in SCHEMAS:
            records.table(schema).append(row(number)[schema.name])
    for schema in SCHEMAS:
        records.table(schema)
    records.listen(tables.listen)
    records.close()
    return tmp_path, tables, request.param


def test_a_digest_is_the_same_as_of_the_file(written):
    folder, tables, _ = written
    assert tables.digests() == {
        name: table_digest(folder / f"{name}.parquet") for name in ("both", "labels", "others")
    }


def test_the_tables_of_one_row_group_are_at_hand_as_they_are_read(written):
    folder, tables, rows = written
    assert set(tables.at_hand()) == ({schema.name for schema in SCHEMAS} if rows <= GROUP else set())
    for schema in SCHEMAS:
        columns = [column.name for column in schema.columns[1:]]
        kept = list(reader(folder, tables.at_hand())(schema.name, *columns))
        read = list(reader(folder)(schema.name, *columns))
        assert [batch.num_rows for batch in kept] == [batch.num_rows for batch in read]
        assert [batch.to_pylist() for batch in kept] == [batch.to_pylist() for batch in read]


def test_a_large_table_is_read_again(tmp_path, monkeypatch):
    monkeypatch.setattr("experiments.lab.runs.written_tables.SHORT", 100)
    records, tables = Records(tmp_path, {}), WrittenTables()
    for rows in (12, 13):  # of 8 bytes
        table = records.table(Schema(f"of_{rows}", "", [("number", "integer", "")]))
        for number in range(rows):
            table.append((number,))
    records.listen(tables.listen)
    records.close()
    assert list(tables.digests()) == ["of_12", "of_13"]
    assert list(tables.at_hand()) == ["of_12"]
