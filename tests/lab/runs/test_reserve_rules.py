"""Reserve rules in a run: recorded with each sale, audited, gone on with; one of the user's own as well."""

from __future__ import annotations

import json

import numpy as np
import pyarrow.parquet as pq
import pytest

from experiments import InputError, ReserveFault, check, check_reserve, resume, run, sweep
from experiments.lab.runs import checkpoint
from experiments.lab.verify import audit_run
from market import ReserveRule
from strategies.finding import load_object
from tests.lab.verify.test_verify_columns import Forger

OWN = """
from market import ReserveRule

KEPT = []


class Steps(ReserveRule):
    def __init__(self, start: int = 20_000_000, step: float = 0.1):
        self.gwei = float(start)
        self.step = step

    def reserve(self, view):
        return round(self.gwei)

    def close(self, slot, lots):
        sold = any(lot.price_gwei is not None for lot in lots)
        self.gwei *= 1 + self.step if sold else 1 - self.step


def half(view, share: float = 0.5):
    return round(share * view.expected_gwei)


def broken(view):
    return 0.5


class Keeps(ReserveRule):
    def reserve(self, view):
        KEPT.append(view.slot)
        return len(KEPT)
"""
MATURITY = {"draw": "maturity", "maturity": 3, "supply": 4}
LOTTERY = {"draw": "lottery", "supply": 4, "maturity": 16}
RULES = {
    "path": ({"rule": "path", "path": [[0, 0.002], [10, 0.9]]}, "second_price", MATURITY),
    "forecast": ({"rule": "forecast", "share": 1.2}, "posted", MATURITY),
    "trailing": ({"rule": "trailing", "share": 0.9, "of": "top_bid"}, "uniform_price", LOTTERY),
}


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(OWN)
    return tmp_path


def played(reserve, out, primary="second_price", chain=MATURITY, **more):
    market = {"primary": primary, "reserve": reserve, **more.pop("market", {})}
    config = {"blocks": 25, "chain": chain, "market": market, "reward": {"process": "ar1"}}
    return run(config, signatures="off", out=out, **more)


def lots_of(result):
    return result.auctions[result.auctions.market == "primary"]


@pytest.mark.parametrize("name", RULES)
def test_a_rule_of_the_testbed_is_recorded_and_recomputed(name, place):
    reserve, primary, chain = RULES[name]
    result = played(reserve, place / "run", primary, chain)
    report = audit_run(result.path)
    assert report.is_sound, report
    assert not [line for line in report.parts[0].notices if "reserve" in line]
    lots = lots_of(result)
    assert lots.reserve_gwei.nunique() > 1
    assert (lots.price_gwei.dropna() >= lots.reserve_gwei[lots.price_gwei.notna()]).all()
    forger = Forger(result.path, place / "forged")
    stored = pq.read_table(result.path / "tables" / "auctions.parquet")
    reserves = stored.column("reserve_gwei").to_pylist()
    unsold = lots.index[lots.outcome == "unsold"][-1]
    forger.write("auctions", "reserve_gwei", stored, [*reserves[:unsold], 1, *reserves[unsold + 1 :]])
    assert "reserve_gwei" in str(audit_run(forger.path))


def test_a_sale_just_in_time_has_a_reserve_on_the_reward_that_it_reveals(place):
    chain = {"draw": "maturity", "maturity": 0, "supply": 1}
    reserve = {"rule": "forecast", "share": 0.5}
    result = played(reserve, place / "run", chain=chain, market={"just_in_time": True})
    lots = lots_of(result)[:-1]
    assert lots.reserve_gwei.tolist() == [round(0.5 * gwei) for gwei in result.blocks.reward_gwei]
    assert audit_run(result.path).is_sound


def test_the_number_is_the_path_of_one_step(place):
    fixed = played({"rule": "fixed"}, place / "fixed", market={"primary_reserve": 0.01})
    path = played({"rule": "path", "path": [[0, 0.01]]}, place / "path")
    assert digest(fixed.path) == digest(path.path)


def digest(folder):
    return json.loads((folder / "manifest.json").read_text())["digest"]


@pytest.mark.parametrize("name", ["Steps", "half"])
def test_one_of_the_users_own_goes_along_goes_on_and_is_believed(name, place, monkeypatch):
    monkeypatch.setattr(checkpoint, "WORTH", 1)
    reserve = {"rule": f"mine.py:{name}"}
    whole = played(reserve, place / "whole")
    cut = played(reserve, place / "cut", checkpoint_seconds=0, progress=lambda _, done, __: done < 13)
    assert resume(cut.path).path == cut.path
    assert digest(whole.path) == digest(cut.path)
    report = audit_run(whole.path)
    assert report.is_sound, report
    assert any("reserves are believed" in line for line in report.parts[0].notices)
    about = json.loads((whole.path / "manifest.json").read_text())
    assert json.loads(about["rules"])["own"]["market.reserve.rule"]["name"] == f"mine.py:{name}"
    assert "mine.py" in about["files"]


def test_a_sweep_takes_rules_and_their_parameters(place):
    market = {"reserve": {"path": [[0, 0.9]]}}
    config = {"blocks": 4, "chain": MATURITY, "market": market}
    grid = {
        "market.reserve.rule": ["fixed", "path", "mine.py:half"],
        "market.reserve.parameters.share": [0.1, 1.5],
    }
    table = sweep(config, grid, [1], out=place / "out", keep_tables=False).table("protocol_revenue")
    means = table.set_index(list(grid))["mean"]
    assert means["mine.py:half", 0.1] > means["mine.py:half", 1.5]
    assert means["fixed", 0.1] == means["fixed", 1.5] > means["path", 0.1] == 0


@pytest.mark.parametrize(
    ("reserve", "words"),
    [
        ({"rule": "mine.py:Stps"}, "did you mean 'Steps'"),
        ({"rule": "mine.py:Steps", "parameters": {"stp": 1}}, r"reserve\.parameters\.stp: no such parameter"),
        ({"rule": "mine.py:Steps", "parameters": {"step": "x"}}, r"reserve\.parameters\.step"),
        ({"rule": "mine.py:KEPT"}, "write `class Mine"),
    ],
)
def test_what_is_wrong_is_told_in_a_line(reserve, words, place):
    with pytest.raises(InputError, match=words):
        played(reserve, place / "run")


@pytest.mark.parametrize("name", ["Steps", "half"])
def test_check_knows_a_reserve_rule(name, place):
    assert check(f"{place}/mine.py:{name}", histories=2).passed


@pytest.mark.parametrize(
    ("name", "words"), [("broken", "a reserve is 0.5; it must be a whole number of Gwei"), ("Keeps", "keeps KEPT")]
)
def test_check_tells_what_is_wrong_with_it(name, words, place):
    with pytest.raises(ReserveFault, match=words):
        check_reserve(load_object(f"mine.py:{name}", place), histories=1)


class Counts(ReserveRule):
    """It counts where no copy finds it."""

    def __init__(self):
        self.box = Box()

    def reserve(self, view):  # noqa: ARG002
        self.box.count += 1
        return self.box.count


class Box:
    def __init__(self):
        self.count = 0

    def __reduce__(self):
        return Box, ()


def test_a_rule_whose_memory_a_checkpoint_loses_is_found_out():
    with pytest.raises(ReserveFault, match="when a copy went on in the middle"):
        check_reserve(Counts, histories=2)


def whole(view):  # noqa: ARG001
    return np.int64(5)


def half(view):  # noqa: ARG001
    return 0.5


@pytest.mark.parametrize(
    ("rule", "remedy"),
    [(whole, r"it is numpy's int64: take int\(…\) of it"), (half, r"eth_to_gwei\(0.5\) where that is ETH")],
)
def test_what_is_no_whole_gwei_is_told_with_what_is(rule, remedy):
    with pytest.raises(ReserveFault, match=remedy):
        check_reserve(rule, histories=1)


class Reserv(ReserveRule):
    def reserv(self, view): ...


def test_a_method_that_is_nearly_the_one_that_is_missing_is_named():
    with pytest.raises(InputError, match="says nothing of reserve; write it, in the place of reserv"):
        check_reserve(Reserv)


def test_a_past_lot_says_what_comes_near():
    with pytest.raises(ReserveFault, match=r"PastLot has no 'bids'; did you mean 'bids_gwei'\?"):
        check_reserve(lambda view: sum(lot.bids[0] for lot in view.lots), histories=1)
