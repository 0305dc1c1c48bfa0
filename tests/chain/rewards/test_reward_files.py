"""Reward files that people have: what is read, and as what."""

from __future__ import annotations

import gzip
import io
import json
import warnings
import zipfile

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from chain.rewards import PaymentReplay, RewardPath
from chain.rewards.payment_column import MISSING
from chain.rewards.payment_table import NULLS

PLAIN = "block,payment_gwei\n7,50\n8,\n9,30\n"
REWARDS = [50, 0, 30]


def revealed(process):
    path = RewardPath(process, np.random.default_rng(0))
    return [path.advance() for _ in range(len(process))]


@pytest.fixture
def replayed(tmp_path):
    """The rewards of a file with some content, and the process."""

    def replay(content, name="a.csv", **options):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        process = PaymentReplay(file, **options)
        return revealed(process), process

    return replay


def quiet(replayed, *arguments, **options):
    """As `replayed`, and nothing is warned of."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return replayed(*arguments, **options)


# What numbers the rows


BLOCK_NAMES = [
    *("block", "Block", "BLOCK_NUMBER", "Block Number", " block  number ", "Blockno", "Block No.", "block_num"),
    *(
        "blockNumber",
        "Block #",
        "Block-Nr",
        "number",
        "Number",
        "height",
        "Block Height",
        "execution_block_number",
    ),
]
SLOT_NAMES = ["slot", "Slot", "slot_number", "Slot Number", "slotNumber", "Slot No", "SLOT_NUM", "beacon_slot"]


@pytest.mark.parametrize("name", [*BLOCK_NAMES, *SLOT_NAMES])
def test_any_common_name_orders_the_rows(replayed, name):
    rewards, process = quiet(replayed, f"{name},payment_gwei\n9,30\n7,50\n7,20\n10,1\n")
    assert rewards == [50, 0, 30, 1]
    assert (process.first_block, process.missing_blocks, process.rows) == (7, 1, 4)


@pytest.mark.parametrize("name", ["block_hash", "block_timestamp", "transactions", "slot_time_ms", "index"])
def test_without_numbers_the_run_says_so(replayed, name):
    with pytest.warns(UserWarning, match=f"among {name}, payment_gwei; each row is taken for the next block"):
        rewards, process = replayed(f"{name},payment_gwei\n9,30\n7,50\n7,20\n")
    assert rewards == [30, 50, 20]
    assert process.first_block is None


def test_the_command_line_says_so(et_testbed, tmp_path):
    (tmp_path / "pay.csv").write_text("hash,payment_eth\n" + "x,0.1\n" * 9)
    (tmp_path / "config.toml").write_text('blocks = 5\n[reward]\nprocess = "replay"\nfile = "pay.csv"\n')
    done = et_testbed("run", "config.toml", "--quiet", "--out", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "pay.csv: no column of block or slot numbers among hash, payment_eth; each row is" in done.stderr


@pytest.mark.parametrize("reward", ["number", "block"])
def test_the_column_of_payments_numbers_no_blocks(replayed, reward):
    with pytest.warns(UserWarning, match="each row is taken for the next block"):
        assert replayed(f"{reward}\n9\n7\n", column=reward, unit="gwei")[0] == [9, 7]


def test_slots_order_rows_where_block_numbers_are_missing(replayed):
    """An entry is a slot then: a missed one has no payment, as one that is not in the file."""
    content = "slot,block_number,payment_gwei\n14,103,4\n10,100,1\n12,,\n11,101,2\n"
    rewards, process = quiet(replayed, content)
    assert rewards == [1, 2, 0, 0, 4]
    assert (process.first_block, process.missing_blocks) == (10, 2)
    assert replayed(content, missing="skip")[0] == [1, 2, 4]
    with pytest.raises(ValueError, match="2 payments are missing, the first at slot 12; set"):
        replayed(content, missing="error")


def test_block_numbers_order_rows_where_all_are_there(replayed):
    """Missed slots are no blocks."""
    rewards, process = replayed("slot,block_number,payment_gwei\n14,102,4\n10,100,1\n11,101,2\n")
    assert rewards == [1, 2, 4]
    assert process.slots.tolist() == [10, 11, 14]


def test_a_row_without_either_number_is_refused(replayed):
    with pytest.raises(ValueError, match="line 3 has no number in 'slot', and not all rows have a block number"):
        replayed("slot,block,payment_gwei\n1,1,1\n,,2\n")
    with pytest.raises(ValueError, match="line 4 has no number in 'block'"):
        replayed("block,payment_gwei\n1,1\n\n,2\n")


def test_after_a_reorganisation_the_later_slot_counts(replayed):
    """Of slots 11 and 12 with block 101, the first was left behind, though it paid more."""
    rows = ["11,101,900", "10,100,1", "12,101,5", "12,101,7", "13,102,3"]
    for order in (rows, rows[::-1]):
        rewards, process = replayed("slot,block_number,payment_gwei\n" + "\n".join(order))
        assert rewards == [1, 7, 3]
        assert process.slots.tolist() == [10, 12, 13]
    rewards, _ = replayed("slot,block_number,payment_gwei\n11,101,900\n12,101,\n13,102,3\n")
    assert rewards == [0, 3]
    by_slot = "slot,block,payment_gwei\n10,100,1\n11,101,900\n12,101,5\n13,,\n14,102,3\n"
    assert replayed(by_slot)[0] == [1, 0, 5, 0, 3]


def test_slots_are_told_where_the_file_does(replayed):
    _, process = replayed("slot,block,payment_gwei\n10,100,1\n,101,2\n15,103,3\n")
    assert process.slots.tolist() == [10, MISSING, MISSING, 15]
    assert replayed("slot,block,payment_gwei\n10,100,1\n15,102,3\n", missing="skip")[1].slots.tolist() == [10, 15]
    assert replayed(PLAIN)[1].slots is None
    assert replayed("slot,block,payment_gwei\n,100,1\n,102,3\n")[1].slots is None


# How numbers are written


@pytest.mark.parametrize("number", ["102", "102.0", " 102 ", "+102", "1.02e2", "102.", "0102"])
def test_numbers_of_blocks(replayed, number):
    rewards, process = replayed(f"block,payment_gwei\n101,1\n{number},2\n")
    assert (rewards, process.first_block) == ([1, 2], 101)


@pytest.mark.parametrize(
    ("number", "gwei"),
    [("18,684,000", 18_684_000), ("1,234.5", 1234), ("12,345", 12_345), ("1.5e3", 1500), (" 7 ", 7), (".6", 1)],
)
def test_amounts(replayed, number, gwei):
    assert replayed(f'block,payment_gwei\n"18,684,001","{number}"\n')[0] == [gwei]


def test_thousands_where_a_comma_does_not_separate_values(replayed):
    """With one group alone it may be a decimal comma."""
    assert replayed("block;value\n18,684,000;1,234,567,000,000,000\n")[0] == [1_234_567]
    for amount in ("1,234", "0,5", "1.234,56", "0,512"):
        with pytest.raises(
            ValueError, match=rf"line 2 has '{amount}' in 'payment_eth'; write decimals with a point"
        ):
            replayed(f"block;payment_eth\n1;{amount}\n")


@pytest.mark.parametrize("null", sorted(NULLS))
def test_missing_values_as_pandas_knows_them(replayed, tmp_path, null):
    content = f"block,payment_gwei\n1,5\n2,{null}\n3,6\n"
    assert pd.read_csv(io.StringIO(content))["payment_gwei"].isna().tolist() == [False, True, False]
    assert replayed(content, missing="skip")[0] == [5, 6]
    pq.write_table(pa.table({"block": [1, 2, 3], "payment_gwei": ["5", null, "6"]}), tmp_path / "a.parquet")
    assert revealed(PaymentReplay(tmp_path / "a.parquet", missing="skip")) == [5, 6]


def test_what_pandas_writes_is_read(tmp_path):
    frame = pd.DataFrame(
        {"block": [3, 1, None, 2], "slot": [30, 10, 25, 20], "payment_eth": [0.3, 0.1, None, 0.2]}
    )
    frame.to_csv(tmp_path / "a.csv")
    frame.to_parquet(tmp_path / "b.parquet")
    frame.to_json(tmp_path / "c.json", orient="records")
    for file in tmp_path.iterdir():
        process = PaymentReplay(file, missing="skip")
        assert revealed(process) == [10**8, 2 * 10**8, 3 * 10**8]
        assert process.first_block == 10


# How a table is written


def test_lines_without_a_value(replayed):
    """Beside a number they are nothing, in a file without numbers they are blocks without a payment."""
    assert replayed("block,payment_gwei\n7,50\n,\n\n8,1\n,\n")[0] == [50, 1]
    assert replayed("builder,payment_gwei\nx,50\n,\n\nx,1\n")[0] == [50, 0, 1]
    assert replayed("payment_gwei\n50\n\n1\n\n\n")[0] == [50, 0, 1]


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        PLAIN.replace(",", "|"),
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"),
        PLAIN.replace("\n", "\n\n"),
        "\n\n" + PLAIN,
        PLAIN.rstrip("\n"),
        PLAIN + ",\n , \n",
        PLAIN.replace(",", " , "),
        'block, "payment_gwei"\n7, "50"\n8, ""\n9, "30"\n',
        "sep=,\n" + PLAIN,
        '"sep=;"\n' + PLAIN.replace(",", ";"),
        "SEP=\t\r\n" + PLAIN.replace(",", "\t").replace("\n", "\r\n"),
        '"block","payment_gwei"\r\n"7","50"\r\n"8",""\r\n"9","30"\r\n',
        'Block Number,Payment (Gwei),"a;b;c;d"\n7,50,\n8,,x\n9,30,\n',
        "#,block,payment_gwei\n1,7,50\n2,8,\n3,9,30\n",
    ],
    ids=repr,
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_separators_line_ends_spaces_and_encodings(replayed, content, encoding):
    rewards, process = quiet(replayed, content.encode(encoding))
    assert (rewards, process.first_block) == (REWARDS, 7)


def gzipped(data, file):
    file.write_bytes(gzip.compress(data))


def zipped(data, file):
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("__MACOSX/._pay.csv", b"x")
        archive.writestr("data/", b"")
        archive.writestr("data/pay.csv", data)


def zstandard(data, file):
    with pa.output_stream(str(file), compression="zstd") as stream:
        stream.write(data)


def as_parquet():
    buffer = io.BytesIO()
    pq.write_table(pa.table({"block": [7, 8, 9], "payment_gwei": [50, None, 30]}), buffer)
    return buffer.getvalue()


BIDS = [
    {"slot": "9", "block_number": "7", "value": "50999999999", "gas_used": "1", "builder_pubkey": "0xaa"},
    {"slot": "12", "block_number": "9", "value": "30000000000", "gas_used": "2", "builder_pubkey": "0xbb"},
    {"slot": "10", "block_number": "8", "value": None, "num_tx": 12},
    {"slot": "10", "block_number": "8"},
]


@pytest.mark.parametrize("pack", [gzipped, zipped, zstandard])
@pytest.mark.parametrize("name", ["a.csv.gz", "a.zip", "a.csv.zst", "a.csv"])
@pytest.mark.parametrize("data", [PLAIN.encode(), PLAIN.encode("utf-16"), json.dumps(BIDS).encode(), as_parquet()])
def test_packed_files_are_told_by_their_bytes(tmp_path, pack, name, data):
    pack(data, tmp_path / name)
    process = PaymentReplay(tmp_path / name)
    assert (revealed(process), process.first_block) == (REWARDS, 7)


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("name", ["bids.json", "bids"])
def test_the_data_api_of_a_relay(replayed, name, indent):
    rewards, process = quiet(replayed, json.dumps(BIDS, indent=indent), name)
    assert rewards == REWARDS
    assert process.slots.tolist() == [9, 10, 12]
    assert process.rows == 4


def test_numbers_in_json_are_exact(replayed):
    content = (
        '[{"block": 1, "value": 12345678901234567890}, {"block": 2.0, "value": 3e9}, {"block": 3, "value": NaN}]'
    )
    assert replayed(content)[0] == [12_345_678_901, 3, 0]


def test_the_payments_of_a_parquet_file_by_any_name(tmp_path):
    pq.write_table(pa.table({" Block Number ": [2.0, 1.0], "Payment (ETH)": [0.2, float("nan")]}), tmp_path / "a")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        process = PaymentReplay(tmp_path / "a")
    assert (revealed(process), process.missing_blocks) == ([0, 2 * 10**8], 1)


def test_the_same_rows_in_any_file_are_the_same_history(tmp_path):
    rng = np.random.default_rng(5)
    blocks = rng.integers(0, 60, 80)
    frame = pd.DataFrame({"block_number": blocks, "slot": 2 * blocks, "value": rng.integers(0, 10**18, 80)})
    frame.to_parquet(tmp_path / "a.parquet")
    frame.to_csv(tmp_path / "b.csv", sep=";", index=False, encoding="utf-16")
    frame.astype(str).to_json(tmp_path / "c.json", orient="records")
    frame.sample(frac=1, random_state=1).to_csv(tmp_path / "d.csv.zip")
    histories = [(revealed(p), p.slots.tolist()) for p in map(PaymentReplay, sorted(tmp_path.iterdir()))]
    assert len(histories) == 4
    assert all(history == histories[0] for history in histories)
