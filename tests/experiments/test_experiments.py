"""The experiments: what they ask, what they answer, and that they still do."""

from __future__ import annotations

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from experiments import InputError
from experiments.lab.played.replayed_run import replay
from experiments.lab.study.answer import Answer, finite, save
from experiments.lab.study.answer_folder import prepared
from experiments.lab.study.cases import answer_of, deviations
from experiments.lab.study.experiment import all_experiments, expected
from experiments.lab.study.golden import GOLDEN, golden_runs, lay_out
from experiments.lab.study.golden_runs import digests, manifests, whole_runs
from experiments.lab.study.months import calendar_of
from experiments.lab.study.sample_payments import sample
from experiments.lab.study.settings import Settings
from tests.places import ROOT

EXPERIMENTS = {one.name: one for one in all_experiments()}
LONG = {
    "design_space",
    "exercise_window",
    "express_lane",
    "lottery_value",
    "participation",
    "phase_diagram",
    "resale_order",
    "round_length",
    "sale_timing",
    "spot_against_ticket",
}
"""Whose quickest case takes some CPU seconds: dozens of configs are played, or windows of 32 blocks solved."""
CASES = [
    pytest.param(
        name,
        case,
        number == 0,
        id=f"{name}-{case['name']}",
        marks=() if number == 0 and name not in LONG else pytest.mark.slow,
    )
    for name in EXPERIMENTS
    for number, case in enumerate(expected(name))
]


@pytest.mark.parametrize(("name", "case", "is_first"), CASES)
def test_an_experiment_answers_what_it_did(name, case, is_first, tmp_path):
    answer = answer_of(EXPERIMENTS[name], case, tmp_path)
    tolerance = case["tolerance"]
    assert len(tolerance["why"]) > 20
    assert case["values"]
    assert list(deviations(case, answer.values)) == []
    assert len(answer.table)
    assert answer.figures
    if "z" in answer.table:  # what was simulated, in standard errors from what theory says
        assert answer.table["z"].abs().max() <= 4
    if is_first:
        assert digests(manifests(tmp_path / "runs")) == digests(golden_runs(name))


def test_golden_runs_are_of_experiments():
    assert {path.stem for path in GOLDEN.iterdir()} == set(EXPERIMENTS)
    assert {path.suffix for path in GOLDEN.iterdir()} == {".json"}


def test_an_experiment_without_golden_runs_is_missed(monkeypatch, tmp_path):
    monkeypatch.setattr("experiments.lab.study.golden.GOLDEN", tmp_path)
    with pytest.raises(InputError, match=r"structures\.json is missing; write it with .*golden structures"):
        golden_runs("structures")


GOLDEN_RUNS = [
    pytest.param(name, run, id=f"{name}-{run}", marks=() if number == 0 else pytest.mark.slow)
    for name in sorted(path.stem for path in GOLDEN.iterdir())
    for number, run in enumerate(whole_runs(golden_runs(name)))
]


@pytest.mark.parametrize(("name", "run"), GOLDEN_RUNS)
def test_a_golden_run_replays_to_the_same_digests(name, run, tmp_path):
    """From its manifest as it was written: configs of before are still read."""
    lay_out(golden_runs(name), tmp_path)
    outcomes = replay(tmp_path / run)
    assert outcomes
    assert all(outcome.is_same for outcome in outcomes.values()), [str(o) for o in outcomes.values()]


def test_a_golden_run_that_is_changed_is_found_out(tmp_path):
    golden = golden_runs("structures")
    golden["structures/et"]["tables"]["trades"] = "0" * 64
    lay_out(golden, tmp_path)
    (outcome,) = replay(tmp_path / "structures" / "et").values()
    assert (outcome.is_same, outcome.other, outcome.where) == (False, "trades", None)


def test_every_experiment_asks_a_question():
    assert all(one.question.endswith("?") for one in EXPERIMENTS.values())


def test_the_list_names_them_all(et_testbed):
    listed = json.loads(et_testbed("experiments", "--json").stdout)
    assert listed == [{"name": one.name, "question": one.question} for one in EXPERIMENTS.values()]
    printed = et_testbed("experiments").stdout
    assert all(name in printed for name in EXPERIMENTS)


@pytest.fixture(scope="module")
def answer():
    return EXPERIMENTS["structures"].answer(Settings(blocks=40))


def test_an_answer_is_saved_the_same_every_time(answer, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    paths = save(answer, first)
    save(answer, second)
    assert [path.relative_to(first) for path in paths] == [
        Path("answer.json"),
        Path("table.csv"),
        Path("figures/structures.svg"),
    ]
    for path in paths:
        assert path.read_bytes() == (second / path.relative_to(first)).read_bytes()
    assert ET.parse(paths[-1]).getroot().tag.endswith("svg")
    assert json.loads(paths[0].read_text()) == answer.values


def test_a_folder_is_not_overwritten(answer, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="not empty"), prepared(tmp_path, force=True):
        pass
    (tmp_path / "notes.txt").unlink()
    save(answer, tmp_path)
    with pytest.raises(InputError, match="--force"), prepared(tmp_path, force=False):
        pass
    with prepared(tmp_path, force=True):
        assert not (tmp_path / "answer.json").exists()
    assert not list(tmp_path.iterdir())


def play_until(folder, end):
    """An experiment that has begun its runs and comes to this end."""
    with prepared(folder, force=True):
        (folder / "runs").mkdir()
        raise end


@pytest.mark.parametrize("end", [InputError("-1 is no seed"), KeyboardInterrupt()], ids=["a fault", "Ctrl-C"])
def test_an_answer_stays_where_no_other_comes_of_it(answer, tmp_path, end):
    save(answer, tmp_path)
    there = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(type(end)):
        play_until(tmp_path, end)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == there
    assert not (tmp_path / "runs").exists()


def test_runs_without_an_answer_stay_to_be_looked_at(tmp_path):
    with pytest.raises(InputError):
        play_until(tmp_path, InputError("a run failed"))
    assert [path.name for path in tmp_path.iterdir()] == ["runs"]
    (tmp_path / "figures").mkdir()
    with prepared(tmp_path, force=True):
        assert not (tmp_path / "runs").exists()


def test_numbers_of_numpy_are_written_as_numbers(tmp_path):
    found = finite(Answer(pd.DataFrame(), {"count": np.int64(3), "mean": np.float32(0.5), "half": Fraction(1, 2)}))
    save(found, tmp_path)
    assert json.loads((tmp_path / "answer.json").read_text()) == {"count": 3, "mean": 0.5, "half": 0.5}


def call(*command):
    root = ROOT
    return subprocess.run([sys.executable, *command], capture_output=True, text=True, cwd=root, timeout=200)


@pytest.mark.slow  # several commands, each in a process of its own
def test_options_reach_the_runs(tmp_path):
    out = tmp_path / "answer"
    command = ["-m", "experiments.structures", "--blocks", "20", "--seed", "3", "--json"]
    options = ["--set", "chain.maturity=8", "--set", "chain.supply=9", "--out", str(out)]
    done = call(*command, *options)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == json.loads((out / "answer.json").read_text())
    config = json.loads((out / "runs" / "structures" / "manifest.json").read_text())["config"]
    assert (config["blocks"], config["seed"], config["chain"]["maturity"]) == (20, 3, 8)
    wrong = call(*command, "--set", "chain.suply=9")
    assert wrong.returncode == 2
    assert "did you mean 'supply'" in wrong.stderr


def test_the_parties_share_what_the_blocks_were_worth(answer):
    table = answer.table.set_index("structure")
    parts = table[["protocol", "holders", "proposers", "builders"]].sum(axis=1) - table["outstanding"]
    assert (parts <= table["reward"]).all()
    assert table["reward"].nunique() == 1
    assert table.loc["pbs", "protocol"] == 0 < table.loc["et", "protocol"]


def mainnet(**options):
    return EXPERIMENTS["mainnet_replay"].answer(Settings(blocks=options.pop("blocks", None)), **options)


def test_the_shipped_payments_are_the_generated_ones():
    import pyarrow.parquet as pq

    from experiments.mainnet_replay import SAMPLE

    assert pq.read_table(SAMPLE).equals(sample())


def months_of(file):
    calendar = calendar_of(file)
    return [calendar.month(day) for day in calendar.days.tolist()]


def test_months_are_those_of_the_slots():
    from experiments.mainnet_replay import SAMPLE

    months = months_of(SAMPLE)
    assert sorted(set(months)) == ["2023-11", "2023-12"]
    assert months == sorted(months)


def payments(path, **columns):
    import pandas as pd

    pd.DataFrame(columns).to_csv(path, index=False)
    return path


def test_months_of_a_file_by_hand(tmp_path):
    # February 2024 begins at 1,706,745,600; slot 8,326,798 is at 1606824023 + 12 · 8326798, a second earlier
    columns = {"block_number": [10, 12, 13], "slot": [8326796, 8326798, 8326799], "payment_eth": [1, 2, 3]}
    file = payments(tmp_path / "a.csv", **columns)
    assert months_of(file) == ["2024-01", "2024-01", "2024-01", "2024-02"]
    plain = payments(tmp_path / "b.csv", payment_gwei=[5] * 3)
    assert months_of(plain) == ["days 1-30"] * 3


def test_every_month_adds_up_to_what_its_blocks_were_worth():
    answer = mainnet(blocks=120)
    table = answer.table
    parts = table[["protocol", "holders", "proposers", "builders"]].sum(axis=1)
    assert (parts <= table["reward"] + 1e-9).all()
    assert (table.groupby("structure")["blocks"].sum() == 120).all()


def test_a_month_has_its_median_day_beside_it(tmp_path, monkeypatch):
    """Five days of a block each: the last makes the mean."""
    monkeypatch.setattr("experiments.lab.study.months.DAY_SECONDS", 12)
    file = payments(tmp_path / "a.csv", slot=[8326797 + day for day in range(5)], payment_eth=[5, 1, 2, 3, 90])
    answer = mainnet(rewards=file)
    one = answer.table[answer.table["structure"] == "et"].iloc[0]
    assert (one["days"], one["mean"], one["mean_day"]) == (5, 20.2, 3.0)
    assert (one["mean_low"], one["mean_high"], one["level"]) == (1.0, 90.0, 0.9375)
    assert one["protocol_share"] == pytest.approx(100 * one["protocol"] / one["reward"])
    assert set(answer.figures) == {"months", "shares"}


@pytest.mark.parametrize(("name", "one"), [("mainnet_replay", "pbs"), ("structures", "et")])
def test_an_override_may_leave_one_structure(name, one):
    settings = Settings(blocks=12, overrides=(f"market.structure={one}",))
    answer = EXPERIMENTS[name].answer(settings)
    assert set(answer.table["structure"]) == {one}
    assert "months" in answer.figures or "structures" in answer.figures


def test_a_generated_sample_says_so_and_names_no_month():
    answer = mainnet(blocks=12)
    assert set(answer.table["month"]) == {"generated sample"}
    assert all(name.startswith("generated sample.") for name in answer.values)
    drawn = " ".join(text.get_text() for text in answer.figures["months"].findobj(Text))
    for told in (answer.title, drawn):
        assert "generated sample" in told
        assert "20" not in told.replace("12 blocks", "")


def test_a_file_of_payments_names_its_months(tmp_path):
    columns = {"block_number": [10, 11, 12], "slot": [8326797, 8326798, 8326799], "payment_eth": [1, 2, 3]}
    answer = mainnet(rewards=payments(tmp_path / "a.csv", **columns))
    assert answer.title == "Who would have earned what: 3 blocks, 2024-01 to 2024-02"
    assert not any("sample" in name for name in answer.values)


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ({"rewards": Path("nowhere.parquet")}, "--rewards nowhere.parquet: no such file"),
        ({"blocks": 10**6}, "--blocks 1000000"),
        ({"column": "bribes"}, "bribes"),
    ],
)
def test_bad_options_are_refused(options, hint):
    with pytest.raises(InputError, match=hint):
        mainnet(**options)
