"""What a run was expected to bring: luck has no part in it, whoever holds a ticket when."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from chain.rewards import Exponential, RewardPath
from experiments import InputError, run
from experiments.lab.runs.fortune import EMPTY, Rewarded, expected_at_resale, moves, places, read_fortunes
from experiments.lab.runs.reward_luck import Handover, RewardLuck

TERMS = {
    "look-ahead": {"supply": 9, "maturity": 8, "lookahead": 3},
    "expiry": {"supply": 9, "maturity": 8, "draw": "lottery", "refund": 0.5},
    "epoch": {"supply": 9, "maturity": 8, "draw": "epoch", "epoch": 2},
}
STRUCTURES = ["pbs", "et", "et_expost"]


def played(population, blocks=24, structures=STRUCTURES, **sections):
    config = {"blocks": blocks, "agents": population, "market": {"structure": structures}, **sections}
    return run(config, signatures="off")


def fortunes_of(result):
    return read_fortunes({name: own.path for name, own in result.structures.items()})


@pytest.mark.parametrize("chain", TERMS.values(), ids=TERMS)
def test_all_luck_is_somebodys_and_capture_is_that_of_the_summary(population, chain):
    result = played(population, chain=chain)
    for name, own in fortunes_of(result).items():
        summary = result[name].summary
        assert own.worth.sum() == pytest.approx(summary["reward"])
        held = result[name].blocks.proposer.notna().to_numpy()
        surprise = (own.worth - own.expected)[held].sum()
        assert sum(own.luck.values()) == pytest.approx(surprise)
        if own.has_tickets:
            assert own.paid.sum() / own.expected.sum() == pytest.approx(summary["capture_expected"])
            assert own.paid.sum() / own.worth.sum() == pytest.approx(summary["capture"])


def test_without_tickets_the_same_is_expected_of_the_same_blocks(population):
    result = played(population)
    both = fortunes_of(result)
    assert np.array_equal(both["pbs"].expected, both["et"].expected)
    alone = read_fortunes({"pbs": result["pbs"].path})["pbs"]
    assert not np.allclose(alone.expected, both["et"].expected)
    assert alone.fair.sum() - alone.expected.sum() == pytest.approx(alone.paid.sum() - alone.worth.sum())


@pytest.mark.parametrize(
    ("table", "column", "read"),
    [
        ("tickets", "end_slot", lambda result: fortunes_of(result)),
        ("trades", "slot", lambda result: expected_at_resale(result["et"].path)),
    ],
)
def test_a_row_behind_the_end_of_its_run_is_told(population, table, column, read):
    """Counted by slots it would take all memory, or write beyond it."""
    result = played(population, structures=["pbs", "et"])
    file = result["et"].path / "tables" / f"{table}.parquet"
    stored = pq.read_table(file)
    slots = pa.array([2**63 - 1] * len(stored), pa.int64())
    pq.write_table(stored.set_column(stored.schema.get_field_index(column), column, slots), file)
    with pytest.raises(InputError, match=rf"{table}\.parquet: has a row of slot {2**63 - 1}, and the run has 24"):
        read(result)


def test_the_building_of_a_block_that_is_sold_ahead_takes_its_luck_along(tmp_path):
    """Ticket 5 is drawn for block 1; its building is sold before block 0, the ticket itself goes on to be sold."""
    transfers = {"slot": [-1, -1, 0], "ticket": [5, 5, 5], "taker": ["protocol", "seller", "other"]}
    trades = {
        "slot": [-1, 0],
        "block": [1, 1],
        "market": pa.array(["building", "secondary"]).dictionary_encode(),
        "buyer": ["builder", "other"],
    }
    for name, table in (("transfers", transfers), ("trades", trades)):
        pq.write_table(pa.table(table), tmp_path / f"{name}.parquet")
    takers = [
        move.taker for move in moves(tmp_path, Rewarded(np.zeros(2, int), EMPTY, [], places(np.array([-1, 5]))))
    ]
    assert takers == ["protocol", "seller", "builder"]
    assert all(
        move.block == 1
        for move in moves(tmp_path, Rewarded(np.zeros(2, int), EMPTY, [], places(np.array([-1, 5]))))
    )


def test_a_holder_has_the_luck_of_its_time_alone():
    """Exponential rewards are unrelated: nothing is learned of a block before it is there."""
    rewards, path = [7, 11, 13], RewardPath(Exponential(1e-9 * 10), np.random.default_rng(1))
    luck = RewardLuck(path, rewards, in_time=False)
    moves = [Handover(-1, 1, "early"), Handover(0, 1, "late"), Handover(1, 2, "protocol")]
    expected = list(luck.by_block(moves))
    assert expected == pytest.approx([10, 10, 10])
    assert luck.by_agent == pytest.approx({"early": 0, "late": 1})


def test_who_buys_when_the_reward_is_known_has_no_luck():
    path = RewardPath(Exponential(1e-9 * 10), np.random.default_rng(1))
    luck = RewardLuck(path, [7, 11], in_time=False)
    assert list(luck.by_block([Handover(-1, 1, "early"), Handover(1, 1, "last")])) == pytest.approx([10, 10])
    assert luck.by_agent == pytest.approx({"early": 1, "last": 0})
    path = RewardPath(Exponential(1e-9 * 10), np.random.default_rng(1))
    luck = RewardLuck(path, [7, 11], in_time=True)
    assert list(luck.by_block([Handover(-1, 0, "a"), Handover(0, 1, "a")])) == [7, 11]


def test_rewards_of_a_file_and_chosen_blocks_have_no_luck_that_one_could_tell(population, tmp_path):
    claimed = played(population, structures=["et"], chain={"supply": 9, "maturity": 8, "draw": "claim"}, blocks=12)
    assert read_fortunes({"et": claimed.path})["et"].luck is None
    assert "Where holders choose their blocks" in " ".join(str(claimed).split())
    (tmp_path / "r.csv").write_text("block,payment_eth\n" + "".join(f"{block},0.1\n" for block in range(12)))
    rewards = {"process": "replay", "file": str(tmp_path / "r.csv")}
    replayed = played(population, structures=["et"], reward=rewards, blocks=12)
    assert read_fortunes({"et": replayed.path}) == {}


@pytest.mark.slow
def test_expected_profits_do_not_hang_on_the_draws(population):
    """Over 60 seeds, expected profit has the mean of profit and a small part of its spread."""
    chain, reward = {"supply": 9, "maturity": 8}, {"process": "exponential", "mean": 0.1}
    profits, expected = [], []
    for seed in range(60):
        config = {"blocks": 200, "agents": population, "chain": chain, "reward": reward}
        result = run(config, seed=seed, signatures="off")
        luck = read_fortunes({"et": result.path})["et"].luck
        profits.append(list(result.summary["profit_eth"].values()))
        expected.append([own - luck.get(name, 0) for name, own in result.summary["profit_eth"].items()])
    came, fair = np.array(profits), np.array(expected)
    error = (came - fair).std(axis=0, ddof=1) / np.sqrt(len(came))
    assert (np.abs((came - fair).mean(axis=0)) <= 3.5 * error + 1e-9).all()
    traded = came.std(axis=0) > 0.5
    assert traded.any()
    assert (fair.std(axis=0)[traded] < 0.35 * came.std(axis=0)[traded]).all()
