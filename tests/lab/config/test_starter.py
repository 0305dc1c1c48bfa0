"""The first things that a newcomer does."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from experiments import run
from tests.places import ROOT


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
    "command", [["strategies"], ["schema"], ["schema", "--config"], ["--help"], ["--version"]]
)
def test_the_listings_print(et_testbed, command):
    done = et_testbed(*command)
    assert done.returncode == 0
    assert len(done.stdout) > 4
    assert done.stderr == ""


def test_every_config_key_is_documented():
    from experiments.lab.runs.schema import config_keys

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
