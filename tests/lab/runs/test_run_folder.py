"""What a run leaves behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pyarrow.parquet as pq
import pytest

from experiments import load, run
from experiments.lab.runs.digest import run_digest, table_digest
from experiments.lab.runs.schema import SCHEMAS, table_lines
from tests.places import ROOT

TABLES = {schema.name for schema in SCHEMAS}
NEEDED = {
    "blocks",
    "tickets_minted",
    "tickets_burned",
    "trades",
    "protocol_revenue",
    "reward",
    "capture",
    "capture_expected",
    "capture_cash",
    "tickets_ended_per_block",
    "handed_out_tickets",
    "missing",
    "hhi_holdings",
    "hhi",
    "nakamoto",
    "efficiency",
    "mean_secondary_price",
    "digest",
}


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    return run(blocks=60, out=tmp_path_factory.mktemp("runs") / "one")


def test_every_table_is_there_with_its_declared_types(result):
    assert set(result.tables()) == TABLES
    for schema in SCHEMAS:
        stored = pq.read_schema(result.path / "tables" / f"{schema.name}.parquet")
        assert stored == schema.arrow()
        gwei = [name for name in stored.names if name.endswith("_gwei")]
        assert all(str(stored.field(name).type) == "int64" for name in gwei)
        assert all(len(meaning) > 5 for _, _, meaning in table_lines(schema))


def test_the_digests_are_those_of_the_files(result):
    manifest = json.loads((result.path / "manifest.json").read_text())
    digests = {name: table_digest(result.path / "tables" / f"{name}.parquet") for name in TABLES}
    assert manifest["tables"] == digests
    assert manifest["digest"] == run_digest(digests) == result.summary["digest"]


def test_the_summary_has_what_it_must(result):
    assert set(result.summary) >= NEEDED
    assert json.loads((result.path / "summary.json").read_text()) == result.summary


def test_several_structures_lie_side_by_side(tmp_path):
    both = run(blocks=20, out=tmp_path / "two", overrides=['market.structure=["pbs","et"]'])
    assert {path.name for path in both.path.iterdir()} == {"pbs", "et", "manifest.json", "summary.json"}
    assert set(both.summary) == {"structures", "digest"}
    assert load(both.path)["et"].trades.equals(both["et"].trades)


def test_a_run_without_a_folder_lives_as_long_as_its_result():
    result = run(blocks=5)
    path = result.path
    assert path.is_dir()
    del result
    assert not path.exists()


def test_a_table_that_is_not_there_is_named(result):
    with pytest.raises(AttributeError, match=r"no table 'trade'; did you mean 'trades'\?; there are"):
        _ = result.trade


def test_ctrl_c_leaves_a_readable_run(tmp_path):
    out = tmp_path / "run"
    command = [
        sys.executable,
        "-m",
        "experiments.lab.cli",
        "run",
        "--out",
        str(out),
        "--set",
        "market.structure=et",
        "--blocks",
        "200000",
    ]
    root = str(ROOT)
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": root})
    while not (out / "manifest.json").exists():
        time.sleep(0.05)
        assert process.poll() is None
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted" in errors
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["finished"] is False
    assert len(load(out).blocks) == manifest["blocks_done"] < 200_000
