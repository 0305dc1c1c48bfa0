"""Replay: the same run again, and where it is not the same."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments import InputError, audit_run, run, verify_run, write_report
from experiments.lab.played.replayed_run import replay
from experiments.lab.runs.differences import BATCH, Difference, first_difference
from experiments.lab.verify.trace import trace_ticket

BUYER = """
from strategies.buyers.truthful import Truthful


class Mine(Truthful):
    pass
"""


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    folder = tmp_path_factory.mktemp("replay")
    (folder / "mine.py").write_text(BUYER)
    agents = [
        {"strategy": "at_once", "role": "seller", "parameters": {"capacity": 9}},
        {"strategy": str(folder / "mine.py") + ":Mine", "count": 3},
    ]
    market = {"structure": ["pbs", "et"]}
    config = {"agents": agents, "market": market, "chain": {"maturity": 8}}
    path = run(config, blocks=40, out=folder / "run").path
    (folder / "mine.py").unlink()
    return path


@pytest.fixture
def path(original, tmp_path):
    """A copy of the run, elsewhere, as a colleague has it."""
    return shutil.copytree(original, tmp_path / "sent")


def change(file, column, row, value):
    table = pq.read_table(file)
    values = table[column].to_pylist()
    values[row] = value
    place = table.column_names.index(column)
    pq.write_table(table.set_column(place, table.field(place), pa.array(values, table.field(place).type)), file)


def test_a_colleague_gets_the_same_numbers(path):
    outcomes = replay(path)
    assert list(outcomes) == ["pbs", "et"]
    assert all(outcome.is_same and len(outcome.same) == 10 for outcome in outcomes.values())
    assert str(outcomes["et"]) == "the same 10 tables"


def test_the_first_difference_is_named(path):
    file = path / "et" / "tables" / "trades.parquet"
    price = pq.read_table(file)["price_gwei"][3].as_py()
    change(file, "price_gwei", 3, price + 1)
    pbs, et = replay(path).values()
    assert pbs.is_same
    assert (et.other, et.where) == ("trades", Difference(3, "price_gwei", price + 1, price))
    assert str(et) == (
        f"table 'trades' differs in row 3, column 'price_gwei': it has {price + 1}, and now comes {price}"
    )
    assert et.as_dict()["difference"] == {
        "row": 3,
        "column": "price_gwei",
        "stored": str(price + 1),
        "again": str(price),
    }


def test_another_seed_in_the_manifest_is_found_out(path):
    file = path / "et" / "manifest.json"
    about = json.loads(file.read_text())
    about["config"]["seed"] += 1
    file.write_text(json.dumps(about))
    outcome = replay(path / "et")["et"]
    assert (outcome.other, outcome.where.row, outcome.where.column) == ("blocks", 0, "reward_gwei")


def test_an_older_version_is_named(path):
    file = path / "et" / "manifest.json"
    about = json.loads(file.read_text())
    about["versions"]["et-testbed"] = "0.0.3"
    file.write_text(json.dumps(about))
    assert "it was written by et-testbed 0.0.3 (here " in str(replay(path / "et")["et"])


def test_another_format_names_its_writer(path):
    file = path / "et" / "manifest.json"
    about = json.loads(file.read_text()) | {"format": 0}
    about["versions"]["et-testbed"] = "0.0.1"
    file.write_text(json.dumps(about))
    with pytest.raises(InputError, match=r"has format 0; it was written by et-testbed 0\.0\.1"):
        replay(path / "et")


def test_a_file_that_did_not_come_along_is_named(path):
    shutil.rmtree(path / "files")
    with pytest.raises(InputError, match=r"there is no file mine\.py.*; mine\.py of .* belongs in .*sent/files$"):
        replay(path)


def test_a_run_that_was_cut_off_is_to_be_ended_first(path):
    file = path / "et" / "manifest.json"
    about = json.loads(file.read_text())
    del about["tables"], about["digest"]
    file.write_text(json.dumps(about))
    with pytest.raises(InputError, match="run --resume"):
        replay(path)


def test_an_interrupted_run_is_compared_as_far_as_it_went(tmp_path):
    config = {"agents": [{"strategy": "keep", "role": "seller", "can_build": True}], "market": {"structure": "et"}}
    run(config, blocks=60, out=tmp_path / "run", progress=lambda _, done, __: done < 25)
    assert replay(tmp_path / "run")["et"].is_same


def spoil(file):
    file.write_text("no table")


@pytest.mark.parametrize(("damage", "why"), [(Path.unlink, "is missing"), (spoil, "cannot")])
def test_a_table_that_is_gone_or_damaged_is_named(path, damage, why):
    damage(path / "et" / "tables" / "trades.parquet")
    with pytest.raises(InputError, match=rf"trades\.parquet.*{why}"):
        replay(path / "et")


def test_a_run_that_kept_no_tables_says_so_and_can_have_them_again(path):
    shutil.rmtree(path / "et" / "tables")
    for reader in (audit_run, write_report, lambda place: trace_ticket(place, 3)):
        with pytest.raises(InputError, match=r"et: its tables were not kept.*replay .*et --keep-tables"):
            reader(path / "et")
    assert replay(path / "et")["et"].is_same
    assert not (path / "et" / "tables").exists()
    assert replay(path, keep_tables=True)["et"].is_same
    assert audit_run(path).is_sound
    assert trace_ticket(path / "et", 3)


def test_tables_that_are_not_those_of_the_run_are_not_put_there(path):
    shutil.rmtree(path / "et" / "tables")
    about = json.loads((path / "et" / "manifest.json").read_text())
    about["tables"]["bids"] = "0" * 64
    (path / "et" / "manifest.json").write_text(json.dumps(about))
    assert replay(path / "et", keep_tables=True)["et"].other == "bids"
    assert not (path / "et" / "tables").exists()


def test_ctrl_c_is_no_difference(path):
    with pytest.raises(KeyboardInterrupt):
        replay(path, lambda _, done, __: done < 10)


@pytest.mark.parametrize(("exit_code", "damage"), [(0, False), (1, True)])
def test_on_the_command_line(path, et_testbed, exit_code, damage):
    if damage:
        change(path / "et" / "tables" / "bids.parquet", "price_gwei", 0, 1)
    done = et_testbed("replay", str(path), "--json")
    assert done.returncode == exit_code, done.stderr
    outcome = json.loads(done.stdout)
    assert outcome["pbs"] == {"same": True, "table": None, "difference": None, "writer": None, "changed_files": []}
    assert outcome["et"]["same"] is not damage
    assert et_testbed("replay", str(path / "nowhere")).returncode == 2


ROWS = 2 * BATCH + 10


def write(path, values, labels, group):
    labels = pa.array(labels, pa.string()).dictionary_encode()
    table = pa.table({"number": pa.array(values, pa.int64()), "label": labels})
    pq.write_table(table, path, row_group_size=group)
    return path


@pytest.mark.parametrize("row", [0, BATCH - 1, BATCH, ROWS - 1])
def test_differences_are_found_whatever_the_row_groups(tmp_path, row):
    numbers, labels = list(range(ROWS)), [("bid", "ask", None)[n % 3] for n in range(ROWS)]
    one = write(tmp_path / "one.parquet", numbers, labels, 7000)
    same = write(tmp_path / "same.parquet", numbers, labels, 10**6)
    assert first_difference(one, same) is None
    labels[row] = "other"
    other = write(tmp_path / "other.parquet", numbers, labels, 10**6)
    assert first_difference(one, other) == Difference(row, "label", ("bid", "ask", None)[row % 3], "other")


@pytest.mark.parametrize("length", [0, 5, BATCH, BATCH + 1])
def test_a_table_that_ends_earlier(tmp_path, length):
    one = write(tmp_path / "one.parquet", list(range(length)), ["a"] * length, 100)
    more = write(tmp_path / "more.parquet", list(range(length + 1)), ["a"] * (length + 1), 10**6)
    assert first_difference(one, more) == Difference(length, "rows", length, length + 1)


DICE = """
import numpy as np
from strategies.buyers.truthful import Truthful


class Dice(Truthful):
    def value(self, view, series):
        return int(super().value(view, series) * np.random.default_rng().random())
"""


@pytest.mark.parametrize("again", [replay, pytest.param(verify_run, marks=pytest.mark.slow)])
def test_chance_without_a_seed_is_named_where_a_table_differs(tmp_path, again):
    (tmp_path / "dice.py").write_text(DICE)
    agents = [{"strategy": "at_once", "role": "seller"}, {"strategy": f"{tmp_path}/dice.py:Dice", "count": 3}]
    path = run({"agents": agents, "chain": {"maturity": 3}}, blocks=3, out=tmp_path / "run", signatures="off").path
    found = again(path)
    says = "; dice.py:8 numpy.random.default_rng() without a seed: take chance from self.setup.rng"
    assert says in str(found["et"] if again is replay else found)
