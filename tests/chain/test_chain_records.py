"""Tables: types, missing values, row groups."""

from __future__ import annotations

import pickle
import random
from sys import getsizeof

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from chain import records
from chain.records import GROUP, KINDS, Records, Schema
from chain.whole_file import whole_file

NAMES = {"account": ["protocol", "anna", "ben"], "pot": ["burned", "anna", "anna/escrow"]}
ALL_KINDS = Schema("facts", "one column of each kind", [(kind, kind, "") for kind in KINDS])
ROW = (2, 1, "bid", "some text", -1, 2**63 - 1, True, 0.25, b"\x01" * 32, b"\x02" * 65)
STORED = ("ben", "anna", "bid", "some text", -1, 2**63 - 1, True, 0.25, b"\x01" * 32, b"\x02" * 65)
PART = 10_000
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


def test_only_what_repeats_has_a_dictionary_on_disk(book, tmp_path):
    book.table(ALL_KINDS).append(ROW)
    book.close()
    group = pq.read_metadata(tmp_path / "tables" / "facts.parquet").row_group(0)
    columns = [group.column(place) for place in range(group.num_columns)]
    with_one = {column.path_in_schema for column in columns if column.has_dictionary_page}
    assert with_one == {column.name for column in ALL_KINDS.columns if column.kind in ("account", "pot", "label")}


def test_a_row_is_built_by_the_names_of_its_columns():
    schema = Schema("pairs", "two numbers a row", [("first", "integer", ""), ("second", "integer", "")])
    assert schema.row(second=2, first=1) == (1, 2)
    for wrong in ({"first": 1}, {"first": 1, "third": 3}, {"first": 1, "second": 2, "third": 3}):
        odd = ", ".join(sorted(wrong.keys() ^ {"first", "second"}))
        with pytest.raises(TypeError, match=f"'pairs' has columns missing, or too many: {odd}"):
            schema.row(**wrong)


def test_rows_are_written_between_slots_once_they_are_many_and_come_in_whole_groups(book, tmp_path, monkeypatch):
    schema = Schema("numbers", "", [(name, "integer", "") for name in ("a", "b", "c")])
    monkeypatch.setattr(records, "PART_BYTES", schema.row_bytes * PART)
    table = book.table(schema)
    path, part = tmp_path / "tables" / "numbers.parquet", tmp_path / "tables" / "parts" / "numbers.00000.parquet"
    for number in range(PART - 1):
        table.append((number,) * 3)
    book.flush_full()
    assert not part.exists()
    for number in range(PART - 1, 2 * GROUP + 2):
        table.append((number,) * 3)
        if number % PART == 0:
            book.flush_full()
    assert pq.read_table(part)["a"].to_pylist() == list(range(PART + 1))
    assert not path.exists()
    book.close()
    book.drop_parts()
    assert not part.parent.exists()
    stored = pq.ParquetFile(path)
    sizes = [stored.metadata.row_group(group).num_rows for group in range(stored.num_row_groups)]
    assert sizes == [50_000, 50_000, 2]
    assert stored.read()["a"].to_pylist() == list(range(2 * GROUP + 2))


@pytest.mark.parametrize(("schema", "row"), [(ALL_KINDS, ROW), (NUMBERS, (2**63 - 1,))])
def test_what_waits_is_counted_by_its_bytes(book, schema, row):
    table = book.table(schema)
    held = 0
    for number in range(50):
        own = tuple(number * value if value == "some text" else value for value in row)
        table.append(own)
        held += getsizeof(own) + sum(getsizeof(value) for value in own if value != "bid" and value is not True)
    assert held <= table.held_bytes() < 1.3 * held


def test_long_texts_are_written_as_soon_as_they_are_many_bytes(book, tmp_path, monkeypatch):
    monkeypatch.setattr(records, "PART_BYTES", 100_000)
    table = book.table(Schema("said", "", [("message", "text", "")]))
    most = 0
    for number in range(64):
        table.append((f"{number:02}" * 5_000,))
        book.flush_full()
        most = max(most, table.held_bytes())
    assert most < 100_000
    assert len(list((tmp_path / "tables" / "parts").iterdir())) == 64 // 10
    book.close()
    stored = pq.read_table(tmp_path / "tables" / "said.parquet")["message"].to_pylist()
    assert stored == [f"{number:02}" * 5_000 for number in range(64)]


@pytest.mark.parametrize("every", [1, 3, 7, 100])
def test_the_file_is_the_same_whatever_its_parts_were(tmp_path, monkeypatch, every):
    monkeypatch.setattr(records, "GROUP", 5)
    schema = Schema("labels", "", [("side", "label", ""), ("maker", "account", ""), ("number", "integer", "")])
    for name, flush in (("whole", 1000), ("parts", every)):
        book = Records(tmp_path / name, NAMES)
        table = book.table(schema)
        for number in range(33):
            table.append((["bid", "ask", None][number % 3 if number > 9 else 1], number * 7 % 3, number))
            if number % flush == flush - 1:
                book.flush()
        book.close()
    whole, parts = ((tmp_path / name / "labels.parquet").read_bytes() for name in ("whole", "parts"))
    assert whole == parts


def test_nor_do_signatures_say_where_its_parts_ended(tmp_path):
    """There are too many different ones for a dictionary, which Parquet gives up between two pieces."""
    schema = Schema("signed", "a signature a row", [("signature", "signature", "")])
    rows = random.Random(1).randbytes(65 * 20_000)
    files = []
    for ends in ((), (7_001, 16_003)):
        book = Records(tmp_path / str(len(ends)), NAMES)
        table = book.table(schema)
        for number in range(20_000):
            table.append((rows[65 * number : 65 * (number + 1)],))
            if number in ends:
                book.flush()
        book.close()
        files.append((tmp_path / str(len(ends)) / "signed.parquet").read_bytes())
    assert files[0] == files[1]


def test_what_was_written_after_a_checkpoint_goes(tmp_path):
    book = Records(tmp_path / "old", NAMES)
    table = book.table(NUMBERS)
    table.append((1,))
    book.flush()
    kept = pickle.dumps(book)
    table.append((2,))
    book.flush()
    table.append((3,))
    book.close()
    (tmp_path / "old").rename(tmp_path / "new")
    again = pickle.loads(kept)
    again.rewind(tmp_path / "new")
    assert [path.name for path in (tmp_path / "new").rglob("*.parquet")] == ["numbers.00000.parquet"]
    again.table(NUMBERS).append((4,))
    again.close()
    assert pq.read_table(tmp_path / "new" / "numbers.parquet")["number"].to_pylist() == [1, 4]


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path):
    place = tmp_path / "file"
    with whole_file(place) as file:
        file.write(b"old")
    with pytest.raises(TypeError), whole_file(place) as file:
        file.write("no bytes")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("file", b"old")]


def test_labels_survive_from_group_to_group(book, tmp_path, monkeypatch):
    monkeypatch.setattr(records, "GROUP", 2)
    monkeypatch.setattr(records, "PART_BYTES", 1)
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
