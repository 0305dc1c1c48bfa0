"""The first things that a newcomer does."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from experiments import run
from experiments.lab.config import starter
from experiments.lab.config.starter import STARTERS
from tests.places import ALIAS, ROOT


def test_init_writes_a_config_and_a_strategy_that_run_as_they_are(et_testbed, tmp_path):
    assert et_testbed("init", str(tmp_path / "mine")).returncode == 0
    done = et_testbed("run", str(tmp_path / "mine" / "config.toml"), "--json", cwd=tmp_path)
    summary = json.loads(done.stdout)
    assert summary["violations"] == 0
    assert summary["profit_eth"]["patient-9"] > 0
    checked = et_testbed("check", str(tmp_path / "mine" / "my_buyer.py:Patient"))
    assert checked.returncode == 0, checked.stdout
    again = et_testbed("init", str(tmp_path / "mine"))
    assert again.returncode == 2
    assert "is there already" in again.stderr


@pytest.mark.parametrize("kind", STARTERS)
def test_each_kind_of_start_is_written_with_a_test_and_says_what_to_try(et_testbed, tmp_path, kind):
    done = et_testbed("init", "mine", "--kind", kind, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    written = [line.removeprefix("wrote ") for line in done.stdout.splitlines() if line.startswith("wrote ")]
    assert all((tmp_path / name).is_file() for name in written)
    assert any(name.startswith("mine/test_my_") for name in written)
    assert done.stdout.splitlines()[-1] == "try: pytest mine"
    again = et_testbed("init", "mine", "--kind", kind, cwd=tmp_path)
    assert (again.returncode, again.stdout) == (2, "")


def test_where_there_is_no_pytest_it_says_how_to_have_it(monkeypatch):
    monkeypatch.setattr(starter, "find_spec", {"pytest": None}.get)
    assert starter.to_try(Path("mine"), "buyer")[-2:] == ["pip install pytest", "pytest mine"]


def test_a_folder_with_spaces_is_in_quotes():
    *commands, tests = starter.to_try(Path("my work"), "buyer")
    words = [shlex.split(command) for command in (*commands, tests)]
    assert words[0][-1] == "my work/config.toml"
    assert words[-1] == ["pytest", "my work"]


def test_a_kind_that_there_is_not_is_refused_with_those_that_there_are(et_testbed, tmp_path):
    done = et_testbed("init", "--kind", "sellr", cwd=tmp_path)
    assert done.returncode == 2
    kinds = "buyer, seller, market-maker, draw-rule, pricing-rule, sale-format, reward-law, cost-law, experiment"
    assert f"{kinds}, model; did you mean 'seller'" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("kind", STARTERS)
def test_each_kind_of_start_passes_its_test_and_keeps_what_it_promises(et_testbed, tmp_path, kind):
    written = et_testbed("init", "mine", "--kind", kind, cwd=tmp_path)
    place = {"cwd": tmp_path, "env": {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ALIAS)])}}
    pytest_there = [sys.executable, "-m", "pytest", "-q", "mine"]
    tested = subprocess.run(pytest_there, capture_output=True, text=True, **place)
    assert tested.returncode == 0, tested.stdout
    for line in written.stdout.splitlines():
        if line.startswith("try: et-testbed check"):
            checked = et_testbed(*line.split()[2:], cwd=tmp_path)
            assert (checked.returncode, checked.stderr) == (0, "")
            assert "warn" not in checked.stdout
        elif line.startswith("try: et-testbed experiments"):
            short = ("--seeds", "2", "--blocks", "30", "--json", "--quiet")
            done = et_testbed(*line.split()[2:], *short, cwd=tmp_path)
            told = {"at_once", "at_maturity", "difference", "difference_low", "difference_high"}
            assert set(json.loads(done.stdout)) == told
        elif line.startswith("try: et-testbed s"):  # solve, simulate
            assert et_testbed(*line.split()[2:], cwd=tmp_path).returncode == 0
        elif line.startswith("try: et-testbed replay"):
            assert et_testbed(*line.split()[2:], "--quiet", cwd=tmp_path).returncode == 0
    if (tmp_path / "mine" / "config.toml").is_file():
        assert et_testbed("check", "mine/config.toml", cwd=tmp_path).returncode == 0


def test_the_readmes_bidder_is_short_and_runs(tmp_path):
    code = next(block for block in re.findall(r"```python\n(.*?)```", read("README.md"), re.S) if "class" in block)
    assert len([line for line in code.splitlines() if line.strip()]) <= 15
    (tmp_path / "mine.py").write_text(code)
    agents = [
        {"strategy": "at_maturity", "role": "seller"},
        {"strategy": "truthful", "role": "buyer"},
        {"strategy": "mine.py:Patient", "count": 2},
    ]
    (tmp_path / "c.toml").write_text("blocks = 60\n")
    result = run({"blocks": 60, "agents": [{**a, "strategy": place(a["strategy"], tmp_path)} for a in agents]})
    assert result.trades.buyer.astype(str).str.startswith("patient").sum() > 0
    assert len(result.violations) == 0


def place(name: str, folder: Path) -> str:
    return str(folder / name) if name.endswith("Patient") else name


def test_the_example_rule_draws_the_oldest_owned_ticket():
    result = run(ROOT / "experiments" / "examples" / "oldest_first.toml", blocks=60)
    drawn = result.blocks.ticket.tolist()
    assert drawn == sorted(drawn)
    assert set(result.blocks.status) == {"proposed"}


@pytest.mark.parametrize(
    "command",
    [["strategies"], ["schema"], ["schema", "--config"], ["schema", "--model"], ["--help"], ["--version"]],
)
def test_the_listings_print(et_testbed, command):
    done = et_testbed(*command)
    assert done.returncode == 0
    assert len(done.stdout) > 4
    assert done.stderr == ""


def test_every_config_key_is_documented():
    from experiments.lab.config.config_keys import config_keys

    keys = config_keys()
    assert {"seed", "chain.draw", "agents[].latency_ms", "reward.process", "market.pbs"} <= {
        key.name for key in keys
    }
    assert all(key.default and key.meaning for key in keys)


def test_the_list_names_sellers_and_buyers(et_testbed):
    names = {entry["name"] for entry in json.loads(et_testbed("strategies", "--json").stdout)}
    sellers = {"at_once", "at_block", "at_maturity", "threshold", "undercut", "keep"}
    buyers = {"truthful", "shade", "first_price_equilibrium", "zero_intelligence", "market_maker", "speculator"}
    assert sellers | buyers <= names


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")
