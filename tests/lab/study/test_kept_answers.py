"""What is expected of an experiment of one's own is kept beside its file, and the next answer is held to it."""

from __future__ import annotations

import json
import re
import shutil

import pytest

from experiments.lab.cli.experiments import own_experiment
from experiments.lab.config.errors import InputError
from experiments.lab.study.kept_answers import KeptAnswers

PLAIN = '''
"""Is it so?"""

from pathlib import Path

import pandas as pd
from et_testbed import Answer, Experiment, axes


def answer(settings, factor: float = 2.0, note: Path = Path("none")):
    figure, place = axes("x", "y")
    return Answer(pd.DataFrame({"factor": [factor]}), {"factor": factor}, {"line": figure})


experiment = Experiment(__file__, __doc__, answer)
'''
RUNS = '''
"""Who earns what?"""

from et_testbed import Answer, Experiment, axes

EAGERNESS = 1.0
CHAIN = {"supply": 4, "maturity": 3}
AGENTS = [{"strategy": "at_once", "role": "seller", "count": 2}, {"strategy": "bot.py:Mine", "count": 2}]
BASE = {"blocks": 6, "chain": CHAIN, "agents": AGENTS}


def answer(settings):
    result = settings.run("all", {**BASE, "market": {"structure": ["pbs", "et"]}})
    swept = settings.sweep("seeds", BASE, {"chain.lookahead": [0, 1]}, [1])
    values = {"count": EAGERNESS * len(result["et"].bids), "swept": float(len(swept.table("capture")))}
    figure, place = axes("x", "y")
    return Answer(swept.table("capture"), values, {"line": figure})


experiment = Experiment(__file__, __doc__, answer)
'''
OTHER = RUNS.replace("EAGERNESS = 1.0", "EAGERNESS = 2.0")
BOT = """
from strategies.buyers.truthful import Truthful


class Mine(Truthful):
    pass
"""


@pytest.fixture(scope="module")
def played(et_testbed, tmp_path_factory):
    """A folder with an experiment that runs a bot of one's own, and what is expected of it."""
    place = tmp_path_factory.mktemp("kept")
    (place / "runs.py").write_text(RUNS)
    (place / "bot.py").write_text(BOT)
    done = et_testbed("experiments", "runs.py", "--golden", "--quiet", cwd=place)
    assert (done.returncode, done.stderr) == (0, "")
    return place


@pytest.fixture
def kept(played, tmp_path):
    """A copy of it."""
    return shutil.copytree(played, tmp_path / "kept")


def test_an_answer_is_kept_and_the_next_one_held_to_it(et_testbed, kept):
    assert (kept / "runs.golden" / "runs" / "default" / "all" / "et" / "manifest.json").is_file()
    assert not list((kept / "runs.golden").rglob("*.parquet"))
    done = et_testbed("experiments", "runs.py", cwd=kept)
    assert done.returncode == 0
    assert "as expected in runs.golden (default)" in done.stderr.splitlines()


def test_what_is_another_is_said_by_its_value(et_testbed, kept):
    (kept / "runs.py").write_text(OTHER)
    done = et_testbed("experiments", "runs.py", "--json", "--quiet", cwd=kept)
    assert done.returncode == 1
    count = json.loads(done.stdout)["count"]
    assert done.stderr.splitlines()[0] == f"default: count: {count:.12g}, expected {count / 2:.12g}"
    assert "--golden keeps the new answer" in done.stderr.splitlines()[-1]


@pytest.mark.slow
def test_a_run_that_came_to_something_else_is_said_and_may_be_kept(et_testbed, kept):
    (kept / "runs.py").write_text(RUNS.replace('"supply": 4', '"supply": 4, "collateral_eth": 0.001'))
    done = et_testbed("experiments", "runs.py", "--quiet", cwd=kept)
    assert done.returncode == 1
    assert "default: 3 of 4 runs, the first all/et: another digest of payments" in done.stderr
    assert et_testbed("experiments", "runs.py", "--quiet", "--golden", cwd=kept).returncode == 0
    assert et_testbed("experiments", "runs.py", "--quiet", cwd=kept).returncode == 0


def test_its_golden_runs_are_replayed_with_the_bots_that_they_had(et_testbed, kept):
    (kept / "bot.py").unlink()
    for folder in ("runs.golden", "out/runs"):
        done = et_testbed("replay", folder, "--json", "--quiet", cwd=kept)
        assert done.returncode == 0, done.stderr
        assert len(json.loads(done.stdout)) == 4
    manifest = kept / "runs.golden" / "runs" / "default" / "all" / "et" / "manifest.json"
    about = json.loads(manifest.read_text())
    about["tables"]["bids"] = "0" * 64
    manifest.write_text(json.dumps(about))
    assert et_testbed("replay", "runs.golden", "--quiet", cwd=kept).returncode == 1


@pytest.mark.slow
def test_a_test_of_ones_own_answers_what_is_kept_once_more(kept, monkeypatch):
    monkeypatch.chdir(kept)
    assert own_experiment("runs.py").differences() == []
    (kept / "runs.py").write_text(OTHER)
    (line,) = own_experiment("runs.py").differences()
    assert line.startswith("default: count: ")


@pytest.fixture
def answered(et_testbed, tmp_path):
    """Answers a plain experiment with some options."""
    (tmp_path / "mine.py").write_text(PLAIN)
    return lambda *options: et_testbed("experiments", "mine.py", "--json", *options, cwd=tmp_path)


def test_each_choice_of_options_is_a_case_of_its_own(answered, tmp_path):
    assert answered().stderr == ""
    assert answered("--golden", "--factor", "3").returncode == 0
    note = answered().stderr
    assert "nothing is expected of these settings yet, but of factor=3.0; --golden keeps this answer too" in note
    assert answered("--golden").returncode == 0
    assert answered("--golden", "--note", "a/b.txt", "--seed", "4").returncode == 0
    cases = json.loads((tmp_path / "mine.golden" / "expected.json").read_text())
    assert [case["name"] for case in cases] == ["factor=3.0", "default", "seed=4,note=a_b.txt"]
    assert own_experiment(str(tmp_path / "mine.py")).differences() == []


def test_the_tolerance_that_stands_there_counts_and_stays(answered, tmp_path):
    assert answered("--golden").returncode == 0
    file = tmp_path / "mine.golden" / "expected.json"
    (case,) = json.loads(file.read_text())
    case["values"]["factor"] = 2.0001
    file.write_text(json.dumps([case]))
    assert answered().returncode == 1
    case["tolerance"] = {"absolute": 1e-3, "why": "it is rough"}
    file.write_text(json.dumps([case]))
    assert answered().returncode == 0
    assert answered("--golden").returncode == 0
    (after,) = json.loads(file.read_text())
    assert (after["tolerance"]["why"], after["values"]) == ("it is rough", {"factor": 2.0})


def test_values_that_come_and_go_are_said(answered, tmp_path):
    assert answered("--golden").returncode == 0
    (tmp_path / "mine.py").write_text(PLAIN.replace('{"factor": factor}, {"line"', '{"fact": factor}, {"line"'))
    done = answered("--quiet")
    assert done.returncode == 1
    assert done.stderr.splitlines()[:2] == [
        "default: factor: 2 is expected, and it is not there",
        "default: fact: 2 is not expected",
    ]


def test_what_is_damaged_is_told_by_its_file(answered, tmp_path):
    (tmp_path / "mine.golden").mkdir()
    (tmp_path / "mine.golden" / "expected.json").write_text('[{"name": 3}]')
    done = answered("--quiet")
    assert done.returncode == 2
    assert "expected.json: holds no cases of an experiment" in done.stderr


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"tolerance": {"relativ": 0.1}}, "tolerance: no such key 'relativ'; did you mean 'relative'?; there are"),
        ({"tolerance": {"absolute": -1}}, "tolerance.absolute: -1 is no number of 0 or more"),
        ({"tolerance": {"relative": "5 %"}}, "tolerance.relative: '5 %' is no number of 0 or more"),
        ({"values": {"factor": "2"}}, "values.factor: '2' is no number"),
    ],
)
def test_what_is_written_there_by_hand_is_looked_at(changed, fault, tmp_path):
    case = {"name": "default", "settings": {}, "options": {}, "tolerance": {}, "values": {"factor": 2}}
    (tmp_path / "mine.golden").mkdir()
    (tmp_path / "mine.golden" / "expected.json").write_text(json.dumps([case | changed]))
    with pytest.raises(InputError, match=re.escape(f"expected.json: default: {fault}")):
        KeptAnswers(tmp_path / "mine.py").cases()


def test_those_of_the_project_are_held_by_tests(et_testbed):
    done = et_testbed("experiments", "structures", "--golden")
    assert done.returncode == 2
    assert "No such option: --golden" in done.stderr
