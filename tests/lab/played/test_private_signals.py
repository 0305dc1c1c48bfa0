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
