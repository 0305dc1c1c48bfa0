"""The folder of a stranger: the audit executes nothing of it, and comes to its verdict first."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from chain.eip712 import keccak
from experiments import run
from experiments.lab.runs.digest import run_digest, table_digest
from experiments.lab.verify import audit_run, verify_run

STRATEGY = """
from strategies.buyers.truthful import Truthful


class Mine(Truthful):
    roles = frozenset({"buyer", "builder"})
"""
RULES = """
def first(state, block):
    return state.urn[0] if state.urn else None


def to_first(lots):
    from market.auctions import Award

    firsts = [next(iter(lot.offers), None) for lot in lots]
    return [first and Award(first.bidder, first.price) for first in firsts]
"""
PATCH = """
import pathlib

if pathlib.Path(ARMED).exists():
    from experiments.lab.verify.fault import Fault
    from experiments.lab.verify.report import Report

    pathlib.Path(MARKER).write_text("executed")
    Report.fault = Report.fault_of_audit = property(lambda self: None, lambda self, fault: None)
    Report.is_sound = property(lambda self: True)
    Fault.__str__ = lambda self: "sound"
"""


@pytest.fixture
def folder(tmp_path) -> Path:
    """A run with strategies and rules of its author's own, which leave a mark where they are executed, and make
    any report say that it is sound."""
    (tmp_path / "own").mkdir()
    places = {"MARKER": marker(tmp_path), "ARMED": tmp_path / "armed"}
    patch = PATCH
    for name, place in places.items():
        patch = patch.replace(name, repr(str(place)))
    (tmp_path / "own" / "mine.py").write_text(patch + STRATEGY)
    (tmp_path / "own" / "rules.py").write_text(patch + RULES)
    agents = [{"strategy": "at_once", "role": "seller"}, {"strategy": f"{tmp_path}/own/mine.py:Mine", "count": 3}]
    terms = {
        "chain": {"draw": f"{tmp_path}/own/rules.py:first", "supply": 9, "maturity": 12},
        "market": {"primary": f"{tmp_path}/own/rules.py:to_first"},
    }
    run({"agents": agents, **terms}, blocks=30, out=tmp_path / "run")
    (tmp_path / "armed").touch()
    return tmp_path / "run"


def marker(place: Path) -> Path:
    return place / "marker"


def forge(folder: Path) -> None:
    """One block more to the builder, with digests to match."""
    file = folder / "tables" / "blocks.parquet"
    stored = pq.read_table(file)
    costs = stored.column("cost_gwei").to_pylist()
    place = next(place for place, cost in enumerate(costs) if cost)
    costs[place] -= 1
    field = stored.schema.field("cost_gwei")
    pq.write_table(
        stored.set_column(stored.schema.get_field_index("cost_gwei"), field, pa.array(costs, pa.int64())), file
    )
    about = json.loads((folder / "manifest.json").read_text())
    about["tables"]["blocks"] = table_digest(file)
    about["digest"] = run_digest(about["tables"])
    (folder / "manifest.json").write_text(json.dumps(about))


def test_the_audit_executes_nothing_of_the_folder(et_testbed, folder):
    done = et_testbed("verify", str(folder), "--no-rerun")
    assert (done.returncode, done.stderr) == (0, "")
    assert "sound" in done.stdout
    assert not marker(folder.parent).exists()


def test_another_run_executes_it_elsewhere(et_testbed, folder):
    done = et_testbed("verify", str(folder))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "  et: 10 tables the same"
    assert marker(folder.parent).exists()


@pytest.mark.parametrize("more", [(), ("--no-rerun",), ("--json",)])
def test_a_forged_run_is_found_whatever_its_code_does(et_testbed, folder, more):
    forge(folder)
    done = et_testbed("verify", str(folder), *more)
    assert done.returncode == 1
    assert "blocks" in done.stdout
    assert not marker(folder.parent).exists()


def test_what_the_authors_own_decided_is_believed_in_one_notice_each(folder):
    (part,) = audit_run(folder).parts
    assert [notice.split(" is ")[0].split(" are ")[0] for notice in part.notices] == [
        "the draw rule",
        "the primary pricing",
        "strategies",
    ]


def test_another_file_of_an_own_rule_is_a_fault(folder):
    """Its digest is part of the rules id that tickets are signed under; so is the name of its function."""
    file = folder / "files" / "rules.py"
    file.write_text(file.read_text().replace("state.urn[0]", "state.urn[-1]"))
    fault = audit_run(folder).fault
    assert (fault.table, fault.column) == ("manifest.json", "rules")
    assert "rules.py" in str(fault)


def test_other_rules_in_the_manifest_are_a_fault(folder):
    about = json.loads((folder / "manifest.json").read_text())
    about["rules"] = about["rules"].replace('"supply":9', '"supply":8')
    (folder / "manifest.json").write_text(json.dumps(about))
    assert audit_run(folder).fault.column == "rules"


def test_other_files_in_the_manifest_are_not_what_the_tickets_are_signed_under(folder):
    shutil.rmtree(folder / "files")
    about = json.loads((folder / "manifest.json").read_text())
    digest = sha256(b"another").hexdigest()
    own = json.loads(about["rules"])["own"]["chain.draw"]
    about["rules"] = about["rules"].replace(own["files"]["rules.py"], digest)
    about["rules_id"] = f"0x{keccak(about['rules'].encode()).hex()}"
    (folder / "manifest.json").write_text(json.dumps(about))
    fault = audit_run(folder).fault
    assert (fault.table, fault.column) == ("tickets", "signature")


def test_code_that_ends_the_other_run_is_no_word_for_it(folder):
    """Nor is one that leaves before anything is compared."""
    (folder / "files" / "mine.py").write_text("import os\nos._exit(0)\n")
    (part,) = verify_run(folder).parts
    assert part.same_again is None
    assert part.notices_again[0].startswith("not run again: ")


def test_roles_that_the_config_does_not_give_are_noticed(folder):
    about = json.loads((folder / "manifest.json").read_text())
    about["accounts"][1]["roles"] = ["buyer", "seller"]
    (folder / "manifest.json").write_text(json.dumps(about))
    assert audit_run(folder).fault.column == "accounts.1.roles"


def test_roles_that_only_the_strategy_knows_are_noticed_by_another_run(folder):
    about = json.loads((folder / "manifest.json").read_text())
    about["accounts"][2]["roles"] = ["builder", "buyer", "seller"]
    (folder / "manifest.json").write_text(json.dumps(about))
    assert audit_run(folder).is_sound
    assert verify_run(folder).fault.column == "accounts.2.roles"


def test_a_run_that_is_not_there_again_is_said_without_its_files(folder):
    shutil.rmtree(folder / "files")
    (part,) = verify_run(folder).parts
    assert "there is no file" in part.notices_again[0]
