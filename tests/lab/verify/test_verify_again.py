"""Another run of what was audited: without signatures where each was recovered, side by side, and by what was read
before anything was executed."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from chain import signatures
from experiments import run
from experiments.lab.runs.digest import run_digest, table_digest
from experiments.lab.verify import audit_run, rerun, run_again, verify_run

ORDER = signatures._ORDER
KNOWING = """
import sys

from chain.signatures import Unsigned
from market.slot.driver import Driver
from strategies import Buyer
from strategies.bidding import bids


class Knowing(Buyer):
    def bid(self, view):
        frame = sys._getframe()
        while not isinstance(frame.f_locals.get("self"), Driver):
            frame = frame.f_back
        unsigned = isinstance(frame.f_locals["self"]._state.signatures, Unsigned)
        return bids(view, view.auctions, lambda lot: 1000 + unsigned)
"""
REWRITING = """
import json
from pathlib import Path

from strategies import Buyer


class Rewriting(Buyer):
    def start(self, setup):
        super().start(setup)
        for manifest in Path("{}").glob("**/manifest.json"):
            about = json.loads(manifest.read_text())
            about["accounts"][-1]["roles"] = ["buyer"]
            about["tables"] = {{}}
            manifest.write_text(json.dumps(about))
"""
LOUD = """
import os

from strategies import Buyer


class Loud(Buyer):
    def start(self, setup):
        super().start(setup)
        print("through Python")
        os.write(1, b"past it")
"""
AGENTS = [
    {"strategy": "at_maturity", "role": "seller"},
    {"strategy": "truthful", "role": ["buyer", "builder"], "count": 2},
]
THREE = {"blocks": 20, "agents": AGENTS, "market": {"structure": ["pbs", "et", "et_expost"]}}


@pytest.fixture
def kinds(monkeypatch) -> list[str]:
    """How the runs of a verification were signed, in their order."""
    seen: list[str] = []
    words = rerun.SecondRun.words

    def told(self):
        seen.append(words(self)[-1])
        return words(self)

    monkeypatch.setattr(rerun.SecondRun, "words", told)
    return seen


def reseal(folder: Path, table: str, column: str, change) -> None:
    """Change the first value of a column that is there, with digests to match."""
    file = folder / "tables" / f"{table}.parquet"
    stored = pq.read_table(file)
    values = stored.column(column).to_pylist()
    row = next(row for row, value in enumerate(values) if value is not None)
    values[row] = change(values[row])
    field = stored.schema.field(column)
    place = stored.schema.get_field_index(column)
    pq.write_table(stored.set_column(place, field, pa.array(values, field.type)), file)
    about = json.loads((folder / "manifest.json").read_text())
    summary = json.loads((folder / "summary.json").read_text())
    about["tables"][table] = table_digest(file)
    about["digest"] = summary["digest"] = run_digest(about["tables"])
    (folder / "manifest.json").write_text(json.dumps(about))
    (folder / "summary.json").write_text(json.dumps(summary))


def twin_of(signature: bytes) -> bytes:
    """The other signature by the same key over the same message, which anyone can make (EIP-2)."""
    s = ORDER - int.from_bytes(signature[32:64], "big")
    return signature[:32] + s.to_bytes(32, "big") + bytes([55 - signature[64]])


def test_side_by_side_and_by_a_fork_the_report_is_the_same_and_strategies_print_nothing(tmp_path, kinds, capfd):
    (tmp_path / "own.py").write_text(LOUD)
    mine = {"strategy": f"{tmp_path / 'own.py'}:Loud", "role": "buyer"}
    run({**THREE, "agents": [*AGENTS, mine]}, out=tmp_path / "run")
    assert "past it" in capfd.readouterr().out
    one, many = audit_run(tmp_path / "run"), verify_run(tmp_path / "run", jobs=3)
    run_again(one, elsewhere=rerun.forked)
    assert capfd.readouterr() == ("", "")
    assert str(one) == str(many)
    assert one.as_dict() == many.as_dict()
    assert one.is_sound
    assert kinds == ["unsigned"] * 6
    assert all(part.same_again == 10 for part in many.parts)


@pytest.mark.parametrize("table", ["blocks", "tickets", "bids"])
def test_the_twin_of_a_signature_is_noticed_though_its_signer_is_the_same(tmp_path, table):
    run(THREE, overrides=["market.structure=et"], out=tmp_path / "run")
    reseal(tmp_path / "run", table, "signature", twin_of)
    fault = audit_run(tmp_path / "run").fault
    assert (fault.table, fault.column) == (table, "signature")


def test_a_strategy_that_knows_whether_there_are_signatures_has_its_run_signed_again(tmp_path, kinds):
    (tmp_path / "own.py").write_text(KNOWING)
    mine = {"strategy": f"{tmp_path / 'own.py'}:Knowing", "role": "buyer"}
    run(THREE, overrides=["market.structure=et"], out=tmp_path / "plain")
    run({**THREE, "agents": [*AGENTS, mine]}, overrides=["market.structure=et"], out=tmp_path / "run")
    assert verify_run(tmp_path / "run").is_sound
    assert kinds == ["unsigned", "recorded"]


def test_what_is_compared_is_what_was_read_before_anything_was_executed(tmp_path):
    (tmp_path / "own.py").write_text(REWRITING.format(tmp_path / "run"))
    mine = {"strategy": f"{tmp_path / 'own.py'}:Rewriting", "role": "buyer"}
    run({**THREE, "agents": [*AGENTS, mine]}, overrides=["market.structure=et", "blocks=5"], out=tmp_path / "run")
    report = audit_run(tmp_path / "run")
    run_again(report)
    assert json.loads((tmp_path / "run" / "manifest.json").read_text())["tables"] == {}
    assert report.parts[0].same_again == 10
    assert report.is_sound


def test_a_fault_of_one_structure_is_told_of_it_side_by_side_too(tmp_path, et_testbed):
    run(THREE, out=tmp_path / "run", signatures="off")
    reseal(tmp_path / "run" / "et", "blocks", "reward_gwei", lambda gwei: gwei + 1)
    told = [et_testbed("verify", str(tmp_path / "run"), "--jobs", jobs) for jobs in "13"]
    assert [done.returncode for done in told] == [1, 1]
    assert told[0].stdout == told[1].stdout
    assert "et: blocks" in told[0].stdout
