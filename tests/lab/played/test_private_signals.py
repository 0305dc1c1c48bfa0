"""Runs in which some have private signals of rewards."""

from __future__ import annotations

import pytest

from experiments import run
from experiments.lab.config.errors import InputError
from experiments.lab.played.replayed_run import replay
from experiments.lab.verify import verify_run

AR1 = {"process": "ar1", "mean": 0.1, "phi": 0.6, "sigma": 0.5}


def setting(**more):
    agents = [
        {"strategy": "truthful", "role": "buyer", "count": 2, "signal_sigma": 0.4},
        {"strategy": "truthful", "role": "buyer"},
    ]
    config = {"blocks": 30, "chain": {"draw": "maturity", "maturity": 3}, "reward": AR1, "agents": agents}
    return {**config, "market": {"structure": "et", "primary": "second_price", "pbs": "off"}, **more}


def without(config):
    agents = [{key: value for key, value in group.items() if key != "signal_sigma"} for group in config["agents"]]
    return {**config, "agents": agents}


def test_signals_move_the_bids_of_those_who_have_them_alone():
    seen, blind = (run(config, signatures="off") for config in (setting(), without(setting())))
    assert seen.blocks.reward_gwei.equals(blind.blocks.reward_gwei)
    bids, before = (
        result.bids[result.bids.bidder.str.startswith("truthful")].set_index(["auction", "bidder"]).price_gwei
        for result in (seen, blind)
    )
    same = (bids == before.reindex(bids.index)).groupby("bidder").mean()
    assert same["truthful-3"] == 1
    assert (same[["truthful-1", "truthful-2"]] < 0.5).all()


def test_they_are_the_same_in_a_process_of_ones_own_and_are_verified_and_replayed(tmp_path):
    alone = run(setting(isolation={"mode": "process"}), signatures="off", out=tmp_path / "run")
    together = run(setting(), signatures="off")
    assert alone.summary["digest"] == together.summary["digest"]
    report = verify_run(tmp_path / "run")
    assert report.is_sound, report
    (outcome,) = replay(tmp_path / "run").values()
    assert outcome.is_same, outcome


def test_rewards_of_which_there_are_no_signals_are_refused(tmp_path):
    (tmp_path / "payments.csv").write_text(
        "block,payment_eth\n" + "".join(f"{block},0.1\n" for block in range(40))
    )
    with pytest.raises(InputError, match=r"agents\.signal_sigma"):
        run(setting(reward={"process": "replay", "file": str(tmp_path / "payments.csv")}), signatures="off")


def with_rounds(**groups):
    agents = [
        {"strategy": "common_value", "role": "buyer", "count": 2, "signal_sigma": 0.4, **groups},
        {"strategy": "truthful", "role": "buyer", "signal_sigma": 0.4, "signal_per": "block"},
    ]
    chain = {"draw": "maturity", "maturity": 1, "round": 3}
    reward = {"process": "lognormal", "mean": 0.1, "sigma": 0.9}
    return setting(agents=agents, chain=chain, reward=reward, cost={"low": 0.0, "high": 0.0}, blocks=12)


def test_signals_of_rounds_and_of_blocks_are_known_side_by_side(tmp_path):
    alone = run(with_rounds(), overrides=["isolation.mode=process"], signatures="off", out=tmp_path / "run")
    together = run(with_rounds(), signatures="off")
    assert alone.summary["digest"] == together.summary["digest"]
    assert verify_run(tmp_path / "run").is_sound


@pytest.mark.slow
@pytest.mark.parametrize("reward", ["lognormal", "uniform", "exponential", "ar1", "mevboost"])
@pytest.mark.parametrize("primary", ["second_price", "first_price"])
def test_of_all_laws_rounds_are_bid_for_by_both_kinds_of_signals(reward, primary):
    agents = [
        {"strategy": "common_value", "role": "buyer", "signal_sigma": 0.4, "signal_per": per}
        for per in ("round", "block")
    ]
    process = {"process": reward, "high": 1.0} if reward == "uniform" else {"process": reward}
    market = {"structure": "et", "primary": primary, "pbs": "off"}
    chain = {"draw": "maturity", "maturity": 0, "round": 3}
    result = run(setting(agents=agents, chain=chain, reward=process, market=market), signatures="off", strict=True)
    bids = result.bids[result.bids.market == "primary"] if "market" in result.bids else result.bids
    assert set(bids.bidder) == {"common_value-1", "common_value-2"}


def test_where_a_round_is_a_block_there_is_one_signal_of_it():
    agents = [{**setting()["agents"][0], "signal_per": per} for per in ("block", "round")]
    by_block, by_round = (run(setting(agents=[one]), signatures="off") for one in agents)
    assert by_block.summary["digest"] == by_round.summary["digest"]
