"""Folders of several runs: a replay misses what is gone or not so; who names one is told of the runs in it."""

from __future__ import annotations

import json
import shutil

import pandas as pd
import pytest

from experiments import InputError, Settings, audit_run, load, load_sweep, run, sweep, write_report
from experiments.lab.played.replayed_run import replay
from experiments.lab.runs.parting import first_parting
from experiments.lab.verify.trace import trace_ticket

CONFIG = {
    "blocks": 4,
    "chain": {"supply": 4, "maturity": 3},
    "agents": [{"strategy": "at_once", "role": "seller", "count": 2, "can_build": True}],
}
GRID = {"reward.mean": [0.03, 0.04]}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A sweep, the folder of an experiment with one, golden runs, and a run of two structures."""
    folder = tmp_path_factory.mktemp("folders")
    config = CONFIG | {"reward": {"process": "exponential", "mean": 0.03}}
    sweep(config, GRID, [1, 2], out=folder / "swept")
    (folder / "asked").mkdir()
    Settings(out=folder / "asked").sweep("mean", config, GRID, [5])
    (folder / "asked" / "answer.json").write_text("{}")
    golden = folder / "asked.golden" / "runs" / "default"
    shutil.copytree(
        folder / "asked" / "runs",
        golden,
        ignore=lambda _, names: {"row.json", "summary.json", "runs.parquet", "differences.json"} & set(names),
    )
    (folder / "asked.golden" / "expected.json").write_text(
        json.dumps([{"name": "default", "runs": ["mean/runs/point=0/seed=5", "other"]}])
    )
    run(config | {"market": {"structure": ["pbs", "et"]}}, out=folder / "both")
    return folder


@pytest.fixture
def folder(made, tmp_path):
    return shutil.copytree(made, tmp_path / "sent")


def faults(path):
    return {name: outcome.fault for name, outcome in replay(path).items() if not outcome.is_same}


def test_a_run_of_a_sweep_that_is_gone_is_missed(folder, et_testbed):
    assert faults(folder / "swept") == {}
    shutil.rmtree(folder / "swept" / "runs" / "point=1" / "seed=2")
    (missed,) = faults(folder / "swept").items()
    assert missed[0] == "point=1/seed=2"
    assert "gone, though runs.parquet has it" in missed[1]
    done = et_testbed("replay", str(folder / "swept"), "--quiet")
    assert (done.returncode, "point=1/seed=2: the run is gone" in done.stdout) == (1, True)


def test_golden_runs_that_are_gone_are_missed(folder):
    golden = folder / "asked.golden"
    assert list(faults(golden)) == ["default/other"]  # of which expected.json knows
    shutil.rmtree(golden / "runs" / "default" / "mean" / "runs" / "point=1")
    assert "gone, though manifest.json has it" in faults(golden)["default/mean/point=1/seed=5"]


def test_figures_that_are_not_those_of_the_runs_are_found(folder):
    table = folder / "swept" / "runs.parquet"
    runs = pd.read_parquet(table)
    runs.loc[1, "capture"] = 9.0
    runs.to_parquet(table, index=False)
    (found,) = faults(folder / "swept").items()
    assert found[0] == "runs.parquet, point=0/seed=2"
    assert found[1].startswith("capture: there is 9.0, the run has ")
    (folder / "asked" / "answer.json").write_text("{")
    assert list(faults(folder / "asked")) == ["answer.json"]


def test_the_manifest_on_top_is_held_to_those_below(folder):
    place = folder / "both" / "manifest.json"
    about = json.loads(place.read_text())
    about["config"]["reward"]["mean"] = 0.05
    place.write_text(json.dumps(about))
    assert faults(folder / "both") == {
        "manifest.json": "config.reward.mean: there is 0.05, in pbs/manifest.json there is 0.03"
    }


def test_a_structure_that_is_gone_is_warned_of(folder):
    shutil.rmtree(folder / "both" / "pbs")
    for show in (load, write_report):
        with pytest.warns(UserWarning, match="both: pbs is gone, and the run is shown without"):
            show(folder / "both")


@pytest.mark.parametrize("ask", [load, load_sweep, audit_run, write_report, lambda path: trace_ticket(path, 1)])
def test_who_names_an_experiment_is_told_of_the_runs_in_it(folder, ask):
    for top in ("asked", "asked.golden"):
        with pytest.raises(InputError) as told:
            ask(folder / top)
        named = str(told.value)
        assert "holds an experiment, with the sweep" in named
        assert f"/{'runs/mean' if top == 'asked' else 'runs/default/mean'}/runs/point=0/seed=5; " in named
        assert "--keep-tables" in named
    with pytest.raises(InputError, match="no run lies there itself"):
        ask(folder)


def test_golden_runs_can_be_given_their_tables(folder):
    place = folder / "asked.golden" / "runs" / "default" / "mean"
    with pytest.raises(InputError, match="manifests of a sweep alone"):
        load_sweep(place)
    replay(place / "runs" / "point=0" / "seed=5", keep_tables=True)
    assert audit_run(place / "runs" / "point=0" / "seed=5").is_sound


@pytest.mark.parametrize(
    ("found", "expected", "parting"),
    [
        ({"a": {"b": [1, {"c": 2}]}}, {"a": {"b": [1, {"c": 3}]}}, ("a.b.1.c", 2, 3)),
        ({"a": 1}, {"a": 1, "b": None}, None),
        ({"a": [1]}, {"a": [1, 2]}, ("a", [1], [1, 2])),
        ({"a": 1, "b": 2}, {"a": 1}, ("b", 2, None)),
    ],
)
def test_where_two_documents_part(found, expected, parting):
    assert first_parting(found, expected) == parting
