"""What cannot be replayed is refused in one line that names the file."""

import math
import re

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
    assert refusal(tmp_path).startswith("unreadable: ")
    for name, content in (("a.parquet", b"block,payment_eth\n1,2\n"), ("b.csv", b"PAR1 and no more")):
        (tmp_path / name).write_bytes(content)
        assert refusal(tmp_path / name).startswith("unreadable: ")
    (tmp_path / "c.csv").write_text("block,payment_eth\n1,2\n3\n")
    assert "Expected 2 columns, got 1" in refusal(tmp_path / "c.csv")


def test_empty(tmp_path, write):
    (tmp_path / "a.csv").write_text("")
    assert refusal(tmp_path / "a.csv") == "empty: 0 bytes"
    (tmp_path / "b.csv").write_text("block,payment_eth\n")
    assert refusal(tmp_path / "b.csv") == "empty: no payment in its 0 rows"
    assert refusal(write(payment_eth=pa.array([None, None], pa.float64()))) == "empty: no payment in its 2 rows"


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
        ("payment_eth", [0.1, math.nan], "nan"),
        ("payment_eth", [0.1, math.inf], "inf"),
        ("payment_eth", [0.1, -0.5], "-0.5"),
        ("payment_eth", [1, 10**10], "10000000000"),
        ("payment_gwei", [1, -1], "-1"),
        ("payment_wei", [1e9, 0.05], "0.05"),
        ("value", ["1", "-7"], "'-7'"),
        ("value", ["1", "0.05"], "'0.05'"),
        ("value", ["1", "NaN"], "'NaN'"),
        ("value", ["1", "1e999999999"], "'1e999999999'"),
        ("value", ["1", "0x10"], "'0x10'"),
        ("value", [True, False], "'true'"),
    ],
)
def test_what_is_not_an_amount(write, name, amounts, found):
    row = 1 if found == "'true'" else 2
    assert refusal(write(**{name: amounts})).startswith(f"row {row} (of those below the names) has {found} in ")


def test_columns_of_lists(write):
    assert refusal(write(payment_eth=[[0.1], [0.2]]))


def test_block_numbers(write):
    assert refusal(write(block=[1, None], payment_eth=[0.1, 0.2])) == "row 2 has no number in 'block'"
    assert "span 1000000000 blocks" in refusal(write(block=[1, 10**9], payment_eth=[0.1, 0.2]))
    assert refusal(write(block=["a", "b"], payment_eth=[0.1, 0.2])).startswith("unreadable: ")


def test_missing_payments_refused(write):
    numbered = write(block=[5, 6, 9], payment_gwei=[1, None, 2])
    expected = "3 payments are missing, the first at block 6; set missing to zero or skip"
    assert refusal(numbered, missing="error") == expected
    expected = "1 payments are missing, the first at row 2; set missing to zero or skip"
    assert refusal(write(payment_gwei=[1, None, 2]), missing="error") == expected
    assert len(PaymentReplay(write(payment_gwei=[1, 2]), missing="error")) == 2
