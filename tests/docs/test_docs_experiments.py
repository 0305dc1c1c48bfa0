"""What the README and docs/experiments.md show runs as it stands."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from experiments import sweep
from tests.places import ALIAS, ROOT

CONFIG = {
    "blocks": 40,
    "agents": [{"strategy": "at_once", "role": "seller"}, {"strategy": "truthful", "role": "buyer", "count": 2}],
}


def trades(file):
    return pq.read_metadata(file).num_rows


def blocks(page, language):
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / page).read_text(), re.DOTALL)


def test_the_query_of_the_readme(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sweep(CONFIG, {"cost.high": [0.02, 0.03]}, [1, 2], out="out/sweep")
    (query,) = blocks("README.md", "sql")
    rows = duckdb.sql(query).df()
    assert rows["trades"].sum() == sum(map(trades, sorted(Path("out").rglob("trades.parquet"))))
    assert (rows["median_eth"] > 0).any()


@pytest.mark.parametrize("option", [[], pytest.param(["--json"], marks=pytest.mark.slow)])
def test_an_experiment_of_ones_own(tmp_path, option):
    code = next(block for block in blocks("docs/experiments.md", "python") if "experiment.main()" in block)
    (tmp_path / "supply.py").write_text(code)
    command = [sys.executable, str(tmp_path / "supply.py"), "--blocks", "40", *option]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PYTHONPATH": f"{ROOT}{os.pathsep}{ALIAS}", "PATH": ""},
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "supply" / "figures" / "hhi.svg").is_file()
