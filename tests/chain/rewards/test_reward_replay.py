"""Replay: the two schemas, one payment a block, and what the public expects."""

import hashlib
import pickle

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from chain.rewards import EndOfRewards, PaymentReplay, RewardPath
from chain.rewards.payment_replay import WINDOW, ReplayOutlook
from chain.rewards.ranked_rewards import RankedRewards


def write(file, **columns):
    pq.write_table(pa.table(columns), file)
    return file


def text(file, content):
    file.write_text(content)
    return file


def revealed(process):
    path = RewardPath(process, np.random.default_rng(0))
    return [path.advance() for _ in range(len(process))]


@pytest.fixture
def one_row_a_block(tmp_path):
    return write(
        tmp_path / "payments.parquet",
        block=pa.array([7, 8, 9, 10], pa.int32()),
        payment_gwei=pa.array([50, None, 30, 0], pa.int64()),
        builder=["a", "", "b", "c"],
    )


@pytest.fixture
def one_row_a_relay(tmp_path):
    """The schema of mevboost-data: unsorted, with repeats, payments missing, one of them beyond an int64."""
    return write(
        tmp_path / "chunk.parquet",
        slot=[11, 11, 10, 12, 13, 13],
        block_number=[101, 101, 100, 102, 104, 104],
        value=["2999999999", None, "9300000000123456789", None, "5000000000", "7000000000"],
        relay=["x", "y", "x", None, "x", "y"],
    )


@pytest.mark.parametrize(("missing", "rewards"), [("zero", [50, 0, 30, 0]), ("skip", [50, 30, 0])])
def test_one_row_a_block(one_row_a_block, missing, rewards):
    process = PaymentReplay(one_row_a_block, missing=missing)
    assert revealed(process) == rewards
    assert (process.rows, process.missing_blocks, process.first_block) == (4, 1, 7)
    assert process.sha256 == hashlib.sha256(one_row_a_block.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("missing", "rewards"), [("zero", [9300000000, 2, 0, 0, 7]), ("skip", [9300000000, 2, 7])]
)
def test_one_row_a_relay(one_row_a_relay, missing, rewards):
    process = PaymentReplay(one_row_a_relay, missing=missing)
    assert revealed(process) == rewards
    assert (process.rows, process.missing_blocks, process.first_block) == (6, 2, 100)


def test_rows_in_order_where_there_is_no_block(tmp_path):
    process = PaymentReplay(write(tmp_path / "a.parquet", payment_eth=[0.29, 0.1, 0.3]))
    assert revealed(process) == [290_000_000, 100_000_000, 300_000_000]
    assert process.first_block is None


def test_slots_order_where_there_is_no_block(tmp_path):
    assert revealed(PaymentReplay(write(tmp_path / "a.parquet", slot=[6, 4], payment_gwei=[2, 1]))) == [1, 0, 2]


@pytest.mark.parametrize(
    ("name", "amounts", "gwei"),
    [
        ("payment_gwei", pa.array([5, 6], pa.int16()), [5, 6]),
        ("payment_gwei", pa.array([5.4, 6.6]), [5, 7]),
        ("reward_gwei", pa.array(["5", "6.0"]), [5, 6]),
        ("PAYMENT_ETH", pa.array([1, 2], pa.int32()), [10**9, 2 * 10**9]),
        ("reward_eth", pa.array(["0.29", "1e-9"]), [290_000_000, 1]),
        ("payment_wei", pa.array([1_999_999_999, 18 * 10**18], pa.uint64()), [1, 18 * 10**9]),
        ("payment_wei", pa.array([1.9e9, 3e18]), [1, 3 * 10**9]),
        ("value", pa.array(["99999999999999999999", "0"]), [99_999_999_999, 0]),
        ("value", pa.array(["7000000000", "1999999999"]).dictionary_encode(), [7, 1]),
    ],
)
def test_units_and_types(tmp_path, name, amounts, gwei):
    assert revealed(PaymentReplay(write(tmp_path / "a.parquet", **{name: amounts}))) == gwei


def test_a_column_and_a_unit_may_be_named(tmp_path):
    file = write(tmp_path / "a.parquet", tips=[3, 4], payment_gwei=[1, 2], payment_eth=[5, 6])
    assert revealed(PaymentReplay(file, column="tips", unit="gwei")) == [3, 4]
    assert revealed(PaymentReplay(file)) == [1, 2]
    assert revealed(PaymentReplay(file, unit="eth")) == [5 * 10**9, 6 * 10**9]
    assert revealed(PaymentReplay(file, column="payment_eth", unit="gwei")) == [5, 6]


def test_csv(tmp_path):
    relays = "slot,block_number,value\n2,8,12345678901234567890\n1,7,\n2,8,\n4,10,1000000000\n"
    assert revealed(PaymentReplay(text(tmp_path / "a.csv", relays))) == [0, 12_345_678_901, 0, 1]
    alone = "\ufeffpayment_eth\r\n0.1\r\n\r\n0.3\r\n"
    assert revealed(PaymentReplay(text(tmp_path / "b.txt", alone))) == [100_000_000, 0, 300_000_000]


def test_parquet_is_told_by_its_content(one_row_a_block, tmp_path):
    file = tmp_path / "payments.dat"
    file.write_bytes(one_row_a_block.read_bytes())
    assert len(PaymentReplay(str(file))) == 4


@pytest.mark.parametrize("size", [1, 4095, 4096, 4097])
def test_the_end_of_the_file(tmp_path, size):
    file = write(tmp_path / "a.parquet", payment_gwei=np.arange(size))
    path = RewardPath(PaymentReplay(file), np.random.default_rng(0))
    assert [path.advance() for _ in range(size)] == list(range(size))
    for _ in range(2):
        with pytest.raises(EndOfRewards) as caught:
            path.advance()
        assert str(caught.value) == f"{file} ends after {size} rewards; set blocks to at most {size}"
        assert (path.block, path.outlook().reward_gwei) == (size - 1, size - 1)


@pytest.mark.parametrize("count", [0, 4095, 4096, 5000])
def test_a_pickled_path_goes_on_without_the_file(tmp_path, count):
    file = write(tmp_path / "a.parquet", payment_gwei=np.arange(9000))
    path = RewardPath(PaymentReplay(file), np.random.default_rng(0))
    for _ in range(count):
        path.advance()
    file.unlink()
    copy = pickle.loads(pickle.dumps(path))
    assert copy.outlook() == path.outlook()
    assert [copy.advance() for _ in range(4000)] == list(range(count, count + 4000))


def test_the_public_judges_by_the_window(tmp_path):
    gwei = np.random.default_rng(3).integers(0, 10**9, 3000)
    path = RewardPath(PaymentReplay(write(tmp_path / "a.parquet", payment_gwei=gwei)), np.random.default_rng(0))
    for block in range(2500):
        path.advance()
        if block in (0, 1, WINDOW - 1, WINDOW, 2499):
            seen = gwei[max(block + 1 - WINDOW, 0) : block + 1]
            outlook = path.outlook()
            assert outlook.expected_reward(block + 9) == seen.mean()
            costs = [0, 3e8, int(seen.min()), int(seen[-1]), int(seen.max())]  # whole Gwei are exact
            for cost in costs:
                assert outlook.expected_surplus(block + 1, cost) == np.maximum(seen - cost, 0).mean()
            odd = [*costs, 123_456_789.5, 1e10]
            assert outlook.expected_surpluses(block + 1, odd) == surpluses(outlook, block + 1, odd)
            assert outlook.expected_surpluses(block, odd) == surpluses(outlook, block, odd)


@pytest.mark.parametrize("largest", [2**61, 2**62])
def test_rewards_whose_sum_no_int64_holds_add_up(largest):
    rewards = RankedRewards(np.array([largest, 5, largest]))
    assert rewards.mean == rewards.surplus(0) == (2 * largest + 5) / 3
    assert rewards.surplus(largest - 3e9) == 2e9


def test_outlooks_that_differ_in_the_window_alone_are_told_apart():
    """Their hash leaves the window out."""
    seen = [ReplayOutlook(1, 5, np.array([first, 5]).tobytes(), 1) for first in (5, 9, 5)]
    assert [outlook.expected_reward(2) for outlook in seen] == [5, 7, 5]
    assert seen[0] == seen[2] != seen[1]
    assert len(set(seen)) == 2


def surpluses(outlook, block, costs):
    return [outlook.expected_surplus(block, cost) for cost in costs]


def test_the_prior_stands_until_something_is_seen(one_row_a_block):
    path = RewardPath(PaymentReplay(one_row_a_block, prior=0.2), np.random.default_rng(0))
    assert path.outlook().expected_reward(0) == 200_000_000
    assert path.outlook().expected_surplus(5, 5e7) == 150_000_000
    path.advance()
    assert path.outlook().expected_reward(5) == 50
