"""What is wrong with a run's folder as a whole."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from experiments import InputError, run
from experiments.lab.runs.digest import run_digest, table_digest
from experiments.lab.verify import audit_run, verify_run

AGENTS = [
    {"strategy": "at_once", "role": "seller", "count": 2},
    {"strategy": "truthful", "role": "buyer", "count": 3},
]


@pytest.fixture(scope="module")
def original(tmp_path_factory) -> Path:
    """A run of two structures."""
    out = tmp_path_factory.mktemp("folder") / "run"
    run({"agents": AGENTS}, blocks=12, overrides=['market.structure=["pbs","et"]'], out=out)
    return out


@pytest.fixture
def path(original, tmp_path) -> Path:
    """A copy of it, to do damage to."""
    return Path(shutil.copytree(original, tmp_path / "run"))


def edit(file: Path, **changes: object) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))


def drop(file: Path, key: str) -> None:
    about = json.loads(file.read_text())
    del about[key]
    file.write_text(json.dumps(about))


BROKEN = {
    "a missing table": (
        lambda run: (run / "tables" / "bids.parquet").unlink(),
        "bids.parquet: the table is missing",
    ),
    "a truncated table": (
        lambda run: (run / "tables" / "bids.parquet").write_bytes(
            (run / "tables" / "bids.parquet").read_bytes()[:-100]
        ),
        "bids.parquet: cannot be read as a table",
    ),
    "a table of holes": (
        lambda run: (run / "tables" / "bids.parquet").write_bytes(
            b"PAR1" + b"\0" * 2000 + (run / "tables" / "bids.parquet").read_bytes()[2004:]
        ),
        "bids.parquet: cannot be read as a table",
    ),
    "another table": (
        lambda run: shutil.copy(run / "tables" / "trades.parquet", run / "tables" / "bids.parquet"),
        "bids.parquet: its columns are not those of the table bids",
    ),
    "no manifest": (lambda run: (run / "manifest.json").unlink(), "no run lies there"),
    "no JSON": (lambda run: (run / "manifest.json").write_text("{"), "manifest.json: cannot be read"),
    "another manifest": (lambda run: (run / "manifest.json").write_text("{}"), "is not the manifest of a run"),
    "a later format": (lambda run: edit(run / "manifest.json", format=99), "this version reads format 1"),
    "no digests": (lambda run: drop(run / "manifest.json", "tables"), "the run did not finish"),
    "no addresses": (lambda run: drop(run / "manifest.json", "accounts"), "accounts: field required"),
    "a strange config": (lambda run: edit(run / "manifest.json", config={"blocs": 1}), "did you mean 'blocks'"),
    "no summary": (lambda run: (run / "summary.json").unlink(), "summary.json is missing"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_folder_that_cannot_be_read_is_one_clear_line(path, what):
    damage, hint = BROKEN[what]
    damage(path / "et")
    with pytest.raises(InputError, match=r"^[^\n]+$") as caught:
        verify_run(path / "et")
    assert hint in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_structure_that_is_missing_is_named(path):
    shutil.rmtree(path / "et")
    with pytest.raises(InputError, match="et: no run lies there"):
        verify_run(path)


def test_a_folder_without_a_run_is_refused(tmp_path):
    with pytest.raises(InputError, match="no run lies there"):
        verify_run(tmp_path)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("seed", 8),
        ("beacon_seed", "0x" + "00" * 32),
        ("structure", "et_expost"),
        ("signatures", "unsigned"),
        ("finished", False),
        ("blocks_done", 11),
        ("digest", "0" * 64),
    ],
)
def test_a_changed_manifest_is_noticed(path, key, value):
    edit(path / "et" / "manifest.json", **{key: value})
    assert not audit_run(path / "et").is_sound


def test_an_address_that_the_seed_does_not_give_is_noticed(path):
    manifest = json.loads((path / "et" / "manifest.json").read_text())
    manifest["accounts"][2]["address"] = "0x" + "11" * 20
    edit(path / "et" / "manifest.json", **manifest)
    assert audit_run(path / "et").fault.column == "accounts.2.address"


@pytest.mark.parametrize("place", ["et", "."])
def test_a_changed_summary_is_noticed(path, place):
    summary = json.loads((path / place / "summary.json").read_text())
    figures = summary if place == "et" else summary["structures"]["et"]
    figures["trades"] += 1
    edit(path / place / "summary.json", **summary)
    assert audit_run(path).fault.table == "summary.json"


def test_a_config_that_differs_between_the_manifests_is_noticed(path):
    config = json.loads((path / "manifest.json").read_text())["config"]
    edit(path / "manifest.json", config={**config, "blocks": 13})
    report = audit_run(path)
    assert "does not fit\n  manifest.json, config.blocks: there is 13, there should be 12\n" in report.verdict
    assert report.as_dict()["fault"]["structure"] is None  # but on top of them


def test_a_figure_on_top_of_several_structures_is_named_with_both_values(path):
    structures = json.loads((path / "summary.json").read_text())["structures"]
    edit(path / "summary.json", structures={**structures, "et": {**structures["et"], "blocks": 13}})
    assert str(audit_run(path).fault) == "summary.json, structures.et.blocks: there is 13, there should be 12"


TABLES = ("blocks", "tickets", "orders", "trades", "auctions", "bids", "transfers", "payments")


@pytest.mark.parametrize("name", [name for name in TABLES if name != "orders"])  # no orders in this run
@pytest.mark.parametrize("what", ["lost", "doubled", "swapped"])
def test_rows_that_are_lost_doubled_or_swapped_are_noticed(path, name, what):
    file = path / "et" / "tables" / f"{name}.parquet"
    stored = pq.read_table(file)
    rows = list(range(stored.num_rows))
    middle = len(rows) // 2
    wrong = {
        "lost": rows[:middle] + rows[middle + 1 :],
        "doubled": rows[: middle + 1] + rows[middle:],
        "swapped": [rows[-1], *rows[1:-1], rows[0]],
    }
    pq.write_table(stored.take(wrong[what]), file)
    manifest = json.loads((path / "et" / "manifest.json").read_text())
    manifest["tables"][name] = table_digest(file)
    edit(path / "et" / "manifest.json", tables=manifest["tables"], digest=run_digest(manifest["tables"]))
    report = audit_run(path / "et")
    assert report.fault is not None
    assert report.fault.table not in ("manifest.json", "summary.json")
