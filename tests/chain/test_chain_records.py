"""Tables: types, missing values, row groups."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from chain import records
from chain.records import GROUP, KINDS, Records, Schema

NAMES = {"account": ["protocol", "anna", "ben"], "pot": ["burned", "anna", "anna/escrow"]}
ALL_KINDS = Schema("facts", "one column of each kind", [(kind, kind, "") for kind in KINDS])
ROW = (2, 1, "bid", "some text", -1, 2**63 - 1, True, b"\x01" * 32, b"\x02" * 65)
STORED = ("ben", "anna", "bid", "some text", -1, 2**63 - 1, True, b"\x01" * 32, b"\x02" * 65)
NUMBERS = Schema("numbers", "a number a row", [("number", "integer", "")])


@pytest.fixture
def book(tmp_path):
    return Records(tmp_path / "tables", NAMES)


def test_every_kind_comes_back_as_it_went_in(book, tmp_path):
    table = book.table(ALL_KINDS)
    table.append(ROW)
    table.append((None,) * len(ROW))
    book.close()
    stored = pq.read_table(tmp_path / "tables" / "facts.parquet")
    assert [tuple(row.values()) for row in stored.to_pylist()] == [STORED, (None,) * len(ROW)]
    assert stored.schema.equals(ALL_KINDS.arrow())
    assert stored.schema.field("gwei").type == pa.int64()
    assert pa.types.is_dictionary(stored.schema.field("account").type)


def test_a_full_group_is_written_between_slots_and_no_other(book, tmp_path):
    table = book.table(NUMBERS)
    path, partial = (tmp_path / "tables" / name for name in ("numbers.parquet", "numbers.partial"))
    for number in range(GROUP - 1):
        table.append((number,))
    book.flush_full()
    assert not partial.exists()
    for number in range(GROUP - 1, 2 * GROUP + 2):
        table.append((number,))
        if number % 10_000 == 0:
            book.flush_full()
    assert partial.exists()
    assert not path.exists()
    book.close()
    assert not partial.exists()
    stored = pq.ParquetFile(path)
    sizes = [stored.metadata.row_group(group).num_rows for group in range(stored.num_row_groups)]
    assert sizes == [50_001, 50_000, 1]
    assert stored.read()["number"].to_pylist() == list(range(2 * GROUP + 2))


def test_labels_survive_from_group_to_group(book, tmp_path, monkeypatch):
    monkeypatch.setattr(records, "GROUP", 2)
    table = book.table(Schema("labels", "", [("side", "label", ""), ("maker", "account", "")]))
    rows = [("bid", 1), ("ask", 2), ("claim", None), (None, 0), ("ask", 1)]
    for row in rows:
        table.append(row)
        book.flush_full()
    book.close()
    stored = pq.read_table(tmp_path / "tables" / "labels.parquet").to_pydict()
    assert stored["side"] == ["bid", "ask", "claim", None, "ask"]
    assert stored["maker"] == ["anna", "ben", None, "protocol", "anna"]


def test_an_empty_table_is_a_file_too(book, tmp_path):
    book.table(ALL_KINDS)
    book.close()
    stored = pq.read_table(tmp_path / "tables" / "facts.parquet")
    assert stored.num_rows == 0
    assert stored.schema.equals(ALL_KINDS.arrow())


def test_a_name_stands_for_one_table(book):
    table = book.table(NUMBERS)
    table.append((1,))
    assert book.table(Schema("numbers", "", [("number", "integer", "")])) is table


@pytest.mark.parametrize("row", [(2**63,), ("7",), (1, 2), ()])
def test_a_row_that_does_not_fit_is_an_error_not_another_value(book, row):
    book.table(NUMBERS).append(row)
    with pytest.raises((OverflowError, pa.ArrowInvalid, pa.ArrowTypeError, ValueError)):
        book.close()
