"""What cannot be replayed is refused in one line that names the file."""

import gzip
import math
import os
import re
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from chain.rewards import PaymentReplay


def refusal(file, **options):
    with pytest.raises(ValueError, match=re.escape(str(file))) as caught:
        PaymentReplay(file, **options)
    message = str(caught.value)
    assert message.startswith(f"{file}: ")
    assert "\n" not in message
    return message.removeprefix(f"{file}: ")


@pytest.fixture
def write(tmp_path):
    def parquet(**columns):
        pq.write_table(pa.table(columns), tmp_path / "a.parquet")
        return tmp_path / "a.parquet"

    return parquet


def test_no_such_file(tmp_path):
    assert refusal(tmp_path / "a.csv") == "no such file"


def test_unreadable(tmp_path):
    assert refusal(tmp_path) == "is a folder; name a file in it"
    for name, content in (("a.parquet", b"block,payment_eth\n1,2\n"), ("b.csv", b"PAR1 and no more")):
        (tmp_path / name).write_bytes(content)
        assert refusal(tmp_path / name).startswith("unreadable: ")
    (tmp_path / "c.csv").write_text("block,payment_eth\n1,2\n3\n")
    assert refusal(tmp_path / "c.csv") == "line 3 has 1 values for 2 names"


def test_empty(tmp_path, write):
    (tmp_path / "a.csv").write_text("")
    assert refusal(tmp_path / "a.csv") == "empty: 0 bytes"
    (tmp_path / "b.csv").write_text("block,payment_eth\n")
    assert refusal(tmp_path / "b.csv") == "empty: no payment in its 0 rows"
    assert refusal(write(payment_eth=pa.array([None, None], pa.float64()))) == "empty: no payment in its 2 rows"


def test_amounts_that_are_no_wei_are_told_how_to_name_their_unit(write):
    told = refusal(write(value=[0.0104, 0.02]))
    assert told.startswith("row 1 has 0.0104 in 'value'; ")
    assert told.endswith("give a whole number of wei, 0 or more; of ETH or Gwei: unit = 'eth' or 'gwei'")


def test_no_payment_column(write):
    file = write(block=[1], tips=[2])
    assert "no payment column" in refusal(file)
    assert "among block, tips; name it with column" in refusal(file)
    assert refusal(file, column="tip") == "no column 'tip'; there are block, tips"
    assert "(payment_eth)" in refusal(write(payment_gwei=[1]), unit="eth")


@pytest.mark.parametrize(("name", "column"), [("tips", "tips"), ("payment", None), ("reward", None)])
def test_a_unit_that_cannot_be_told(write, name, column):
    message = refusal(write(**{name: [1]}), column=column)
    assert message == f"the unit of column '{name}' cannot be told; give unit, one of wei, gwei, eth"


def test_wrong_choices(write):
    file = write(payment_gwei=[1])
    assert refusal(file, unit="ether") == "unit is 'ether'; choose one of wei, gwei, eth"
    assert refusal(file, missing="drop") == "missing is 'drop'; choose one of zero, skip, error"


@pytest.mark.parametrize(
    ("name", "amounts", "found"),
    [
        ("payment_eth", [0.1, math.inf], "inf"),
        ("payment_eth", [0.1, -0.5], "-0.5"),
        ("payment_eth", [1, 10**10], "10000000000"),
        ("payment_gwei", [1, -1], "-1"),
        ("payment_wei", [1e9, 0.05], "0.05"),
        ("value", ["1", "-7"], "'-7'"),
        ("value", ["1", "0.05"], "'0.05'"),
        ("value", ["1", "1e999999999"], "'1e999999999'"),
        ("value", ["1", "0x10"], "'0x10'"),
    ],
)
def test_what_is_not_an_amount(write, name, amounts, found):
    assert refusal(write(**{name: amounts})).startswith(f"row 2 has {found} in '{name}'; give a ")


@pytest.mark.parametrize(
    "amounts", [[[0.1], [0.2]], [True, False], [b"1", b"2"], [datetime(2024, 1, 1), None], [{"a": 1}, None]]
)
def test_columns_of_other_things_than_numbers(write, amounts):
    message = refusal(write(payment_eth=amounts))
    assert message.startswith("column 'payment_eth' has values of type ")
    assert message.endswith("; give numbers, or texts of numbers")


def test_block_numbers(write):
    assert refusal(write(block=[1, None], payment_eth=[0.1, 0.2])) == "row 2 has no number in 'block'"
    assert "span 1000000000 blocks" in refusal(write(block=[1, 10**9], payment_eth=[0.1, 0.2]))
    message = refusal(write(block=["1", "b"], payment_eth=[0.1, 0.2]))
    assert message == "row 2 has 'b' in 'block'; give a whole number, 0 or more"
    for number in (-1.0, 0.5, math.inf, 2.0**63):
        assert refusal(write(block=[1.0, number], payment_eth=[0.1, 0.2])).startswith(f"row 2 has {number} in ")


def test_missing_payments_refused(write):
    numbered = write(block=[5, 6, 9], payment_gwei=[1, None, 2])
    expected = "3 payments are missing, the first at block 6; set missing to zero or skip"
    assert refusal(numbered, missing="error") == expected
    expected = "1 payments are missing, the first at row 2; set missing to zero or skip"
    assert refusal(write(payment_gwei=[1, None, 2]), missing="error") == expected
    assert len(PaymentReplay(write(payment_gwei=[1, 2]), missing="error")) == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("# from a relay\nblock,payment_eth\n1,2\n", "line 1 begins with '#', as a comment does; delete it"),
        ("block,payment_eth\n\n1,2\n# note,\n", "line 4 begins with '#', as a comment does; delete it"),
        ("sep=,\nblock,payment_eth\n// note\n", "line 3 begins with '/', as a comment does; delete it"),
        ("block,payment_eth\n1,0,5\n", "line 2 has 3 values for 2 names; write decimals with a point, and put "),
        (
            "block;payment_eth\n1;0,5\n",
            "line 2 has '0,5' in 'payment_eth'; write decimals with a point; give a num",
        ),
        (
            'block,payment_eth\n1,"0,5"\n',
            "line 2 has '0,5' in 'payment_eth'; write decimals with a point; give a ",
        ),
        ("block,payment_eth\n1,0x5\n", "line 2 has '0x5' in 'payment_eth'; give a number of eth, 0 or more"),
        ("block,payment_eth\n1,1_0\n", "line 2 has '1_0' in 'payment_eth'; give a number of eth, 0 or more"),
        ("block,payment_eth\n1,٣\n", "line 2 has '٣' in 'payment_eth'; give a number of eth, 0 or more"),
        ("block,payment_eth\n1.5,1\n", "line 2 has '1.5' in 'block'; give a whole number, 0 or more"),
        ("block,payment_eth\n-1,1\n", "line 2 has '-1' in 'block'; give a whole number, 0 or more"),
        ("block,payment_eth\nTotal,1\n", "line 2 has 'Total' in 'block'; give a whole number, 0 or more"),
        (
            "block,payment_eth\n9223372036854775808,1\n",
            "line 2 has '9223372036854775808' in 'block'; give a whole",
        ),
        ("block,payment_eth,block\n1,2,3\n", "two columns are called 'block'; rename one of them"),
        ("block, payment_eth ,payment_eth\n1,2,3\n", "two columns are called 'payment_eth'; rename one of them"),
        ("Block,block,payment_eth\n1,2,3\n", "columns Block, block may all have the numbers of blocks; rename "),
        ("block,Payment ETH,payment_eth\n1,2,3\n", "columns Payment ETH, payment_eth may all have the payments; "),
        ('block,payment_eth\n1,"2\n', "line 2 is no CSV: unexpected end of data"),
        ('block,payment_eth\n1,"2"3\n', "line 2 is no CSV: ',' expected after '\"'"),
        (b"block,payment_eth,x\n1,2,a\n2,3,\xe9\n", "line 3 is no text in utf-8; save it as UTF-8"),
        (b"\xff\xfeb", "line 1 is no text in utf-16; save it as UTF-8"),
        (
            '[{"block": 1, "value": "2"},\n {"block": 2 "value": 3}]',
            "line 2, column 14: is no JSON: Expecting ','",
        ),
        (
            '[{"block": 1, "value": "2"}, 3]',
            "entry 2 is no object; give a list of objects, as a relay's data API ",
        ),
        ('[{"block": 1, "value": "2", "value": "3"}]', "entry 1 has 'value' twice; rename one of them"),
        (
            '[{"block": 1, "value": {"eth": 1}}]',
            "entry 1 has 'an object or a list' in 'value'; give a whole number",
        ),
        ('[{"block": true, "value": "1"}]', "entry 1 has 'true' in 'block'; give a whole number, 0 or more"),
        ('{"data": []}', "is JSON, but no list of objects, as a relay's data API gives it"),
        (
            "[]",
            "no payment column (payment_gwei, payment_eth, payment_wei or value) among none; name it with column",
        ),
    ],
    ids=repr,
)
def test_the_place_of_what_is_wrong(tmp_path, content, message):
    file = tmp_path / "a.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert refusal(file).startswith(message)


@pytest.mark.parametrize("highest", [1_000, 100_000])
def test_json_of_a_hundred_thousand_brackets(tmp_path, highest):
    """Under Python's own limit of recursion, and under the one that web3 sets."""
    limit = sys.getrecursionlimit()
    (tmp_path / "a.json").write_text("[" * 100_000)
    try:
        sys.setrecursionlimit(highest)
        assert refusal(tmp_path / "a.json").startswith("is nested too deeply; give a list of objects")
    finally:
        sys.setrecursionlimit(limit)


def test_two_parquet_columns_of_one_name(tmp_path):
    table = pa.table([[1], [2], [3]], names=["block", "payment_eth", "block"])
    pq.write_table(table, tmp_path / "a.parquet")
    assert refusal(tmp_path / "a.parquet") == "two columns are called 'block'; rename one of them"


@pytest.mark.parametrize(("length", "most"), [(10**6, 600)])
def test_an_error_echoes_no_more_than_a_line(tmp_path, length, most):
    for content in (
        f"block,payment_eth\n1,{'x' * length}\n",
        f"{'x' * length},payment_eth,{'x' * length}\n",
        ",".join(f"name{n}" for n in range(length // 10)),
        '"a\nb",c',
    ):
        (tmp_path / "a.csv").write_text(content)
        assert len(refusal(tmp_path / "a.csv")) < most + len("a.csv")


def test_pipes_and_devices(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    for file in (tmp_path / "pipe.csv", Path("/dev/null"), Path("/dev/zero")):
        assert refusal(file).startswith("is a pipe or a device; ")


def test_packed_files(tmp_path):
    packed = gzip.compress(b"block,payment_eth\n" + b"1,2\n" * 99)
    file = tmp_path / "a.csv.gz"
    for content in (
        packed[:-20],
        packed[:30] + b"garbage" + packed[37:],
        b"\x28\xb5\x2f\xfd nothing",
        b"PK\x03\x04 no",
    ):
        file.write_bytes(content)
        assert refusal(file).startswith("cannot be unpacked: ")
    file.write_bytes(gzip.compress(b""))
    assert refusal(file) == "cannot be unpacked: what is packed has 0 bytes"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.csv", "block,payment_eth\n1,2\n")
        archive.writestr("b.csv", "block,payment_eth\n1,2\n")
    assert refusal(file) == "cannot be unpacked: it holds 2 files; it must hold one"


def test_a_small_file_that_unpacks_to_a_large_one(tmp_path, monkeypatch):
    monkeypatch.setattr("chain.rewards.payment_bytes.MOST_BYTES", 1000)
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"0" * 1001))
    assert refusal(tmp_path / "a.gz") == "cannot be unpacked: it would have more than 1000 bytes"
    (tmp_path / "b.csv").write_bytes(b"0" * 1001)
    assert refusal(tmp_path / "b.csv") == "has 1001 bytes; at most 1000 are read"
