"""A strategy in the run's own process cannot end it without a word; what it says anew each time is no fault."""

from __future__ import annotations

import json
import os

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments import InputError, run
from experiments.lab.runs.digest import run_digest, table_digest
from experiments.lab.verify import verify_run

BOT = """
import os, threading, time
from strategies import Buyer

class Bot(Buyer):
    def __init__(self, way: str = "none"):
        self.way = way
        if way == "begin":
            os._exit(0)

    def bid(self, view):
        if view.slot == 2:
            return getattr(self, self.way)()

    def leave(self): os._exit(0)
    def fork(self):
        child = os.fork()
        if not child:
            os._exit(7)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 7:
            raise RuntimeError("the child has not ended as it wanted to")
    def chance(self): raise ValueError(os.urandom(8).hex())
    def linger(self): threading.Thread(target=time.sleep, args=(600,), name="lingers").start()

    def __getstate__(self):
        if self.way == "unsaved":
            raise SystemExit("not me")
        if self.way == "save":
            os._exit(0)
        return self.__dict__
    def save(self): pass
    unsaved = save
"""
CONFIG = """
blocks = 6
[[agents]]
strategy = "at_once"
role = "seller"
[[agents]]
strategy = "bot.py:Bot"
"""


@pytest.fixture
def config(tmp_path):
    (tmp_path / "bot.py").write_text(BOT)
    (tmp_path / "config.toml").write_text(CONFIG)
    return tmp_path / "config.toml"


def play(config, way, **more):
    return run(config, overrides=[f"agents.1.parameters.way={way}"], signatures="off", **more)


def test_to_leave_costs_the_turn(config):
    before = os._exit
    result = play(config, "leave")
    assert result.violations.message.tolist() == ["bot.py:15 SystemExit: os._exit(0)"]
    assert result.finished
    assert os._exit is before


def test_a_process_that_was_forked_off_ends_as_it_wants_to(config):
    assert not len(play(config, "fork").violations)


def test_to_leave_as_it_is_made_is_refused(config):
    with pytest.raises(InputError, match=r"Bot cannot be made: bot\.py:9 SystemExit: os\._exit\(0\)"):
        play(config, "begin")


@pytest.mark.parametrize("way", ["save", "unsaved"])
def test_to_leave_as_it_is_saved_costs_the_checkpoint(config, tmp_path, way):
    result = play(config, way, out=tmp_path / "run", checkpoint_seconds=0)
    assert result.finished
    assert result.summary["digest"] == play(config, "save").summary["digest"]


def test_a_thread_that_is_left_behind_is_named_and_ended(config, tmp_path, et_testbed_process):
    way = ("--set", "agents.1.parameters.way=linger", "--out", str(tmp_path / "run"))
    done = et_testbed_process("run", str(config), *way)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "error: a strategy has left threads that go on (lingers); they end here, what is written is whole"
    )
    assert verify_run(tmp_path / "run").is_sound


def test_words_that_differ_from_run_to_run_are_no_fault(config, tmp_path):
    play(config, "chance", out=tmp_path / "run")
    report = verify_run(tmp_path / "run")
    assert report.is_sound, report
    assert "the text of 1 message differs; everything else is the same" in report.parts[0].unchecked


@pytest.mark.parametrize(("column", "value"), [("code", "bad_amount"), ("slot", 3)])
def test_what_else_differs_is_a_fault_all_the_same(config, tmp_path, column, value):
    play(config, "chance", out=tmp_path / "run")
    change(tmp_path / "run", column, value)
    assert not verify_run(tmp_path / "run").is_sound


def change(folder, column, value):
    """One value of a violation, with the digests that a forger would write."""
    file = folder / "tables" / "violations.parquet"
    table = pq.read_table(file)
    place, field = table.column_names.index(column), table.schema.field(column)
    column_of_one = pa.array([value], pa.string() if pa.types.is_dictionary(field.type) else field.type)
    pq.write_table(table.set_column(place, field, column_of_one.cast(field.type)), file)
    about = json.loads((folder / "manifest.json").read_text())
    about["tables"]["violations"] = table_digest(file)
    about["digest"] = run_digest(about["tables"])
    (folder / "manifest.json").write_text(json.dumps(about))
    summary = json.loads((folder / "summary.json").read_text())
    (folder / "summary.json").write_text(json.dumps(summary | {"digest": about["digest"]}))
