"""What was cut off and then changed, damaged or sent by somebody else: one line, and nothing is deleted."""

from __future__ import annotations

import json
import os
import pickle
from pathlib import Path

import pytest

from experiments import InputError, load, run
from experiments.lab.played.replayed_run import replay
from experiments.lab.played.runs import resume
from experiments.lab.report import write_report
from experiments.lab.runs.folder import way_on
from experiments.lab.runs.state_key import STATE, own_key
from experiments.lab.verify import audit_run
from experiments.lab.verify.trace import trace_ticket

BOT = """
from strategies.buyers.truthful import Truthful


class Mine(Truthful):
    ...
"""


@pytest.fixture
def cut(tmp_path) -> Path:
    """A run of 40 blocks with a strategy of one's own, stopped after 20."""
    (tmp_path / "mine.py").write_text(BOT)
    agents = [{"strategy": "at_once", "role": "seller"}, {"strategy": f"{tmp_path}/mine.py:Mine", "count": 2}]
    config = {"agents": agents, "chain": {"maturity": 8, "supply": 9}}
    run(config, blocks=40, out=tmp_path / "run", signatures="off", progress=lambda _, done, __: done < 20)
    return tmp_path / "run"


def contents(folder: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def edit(file: Path, **changes: object) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))


def longer(run: Path) -> None:
    config = json.loads((run / "manifest.json").read_text())["config"]
    edit(run / "manifest.json", config={**config, "blocks": 50})


def part(run: Path) -> Path:
    return next((run / "tables" / "parts").glob("blocks.*"))


def flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


DAMAGE = {
    "a strategy": (
        lambda run: (run / "files" / "mine.py").write_text(BOT + "# other\n"),
        "files/mine.py: is gone",
    ),
    "a strategy that has no class": (
        lambda run: (run / "files" / "mine.py").write_text(""),
        "files/mine.py: is gone",
    ),
    "a part that is missing": (lambda run: part(run).unlink(), "parts/blocks.00000.parquet: is gone"),
    "a part that is damaged": (lambda run: flip(part(run)), "parts/blocks.00000.parquet: is gone"),
    "the config": (longer, "manifest.json: config.blocks is not what it was"),
    "the seed": (lambda run: edit(run / "manifest.json", seed=8), "manifest.json: seed is not what it was"),
    "the accounts": (lambda run: edit(run / "manifest.json", accounts=[]), "manifest.json: accounts is not"),
    "the checkpoint": (lambda run: flip(run / "checkpoint.pickle"), "--trust-checkpoint"),
    "the end of the checkpoint": (
        lambda run: (run / "checkpoint.pickle").write_bytes((run / "checkpoint.pickle").read_bytes()[:-9]),
        "--force",
    ),
    "the beginning of the checkpoint": (lambda run: (run / "checkpoint.pickle").write_bytes(b"{}"), "--force"),
}


@pytest.mark.parametrize("ask", [write_report, audit_run, replay, lambda path: trace_ticket(path, 1)])
def test_who_asks_a_run_that_was_killed_is_told_how_it_goes_on(cut, ask):
    kept = cut.with_name("kept here")
    cut.rename(kept)
    for whole in (*(kept / "tables").glob("*.parquet"), kept / "summary.json"):
        whole.unlink(missing_ok=True)
    about = json.loads((kept / "manifest.json").read_text()) | {"finished": False}
    known = {key: value for key, value in about.items() if key not in ("tables", "digest")}
    (kept / "manifest.json").write_text(json.dumps(known))
    with pytest.raises(InputError, match=f"`et-testbed run --resume '{kept}'` goes on with it"):
        ask(kept)
    with pytest.raises(KeyError, match=f"there is no 'capture': the run was cut off; .*--resume '{kept}'"):
        load(kept).summary["capture"]


def test_a_run_of_a_sweep_goes_on_with_it(tmp_path):
    (tmp_path / "manifest.json").write_text('{"kind": "sweep"}')
    assert way_on(tmp_path / "runs" / "point=0" / "seed=1") == "give the command of its sweep again and it goes on"
    assert "--resume" in way_on(tmp_path.with_name("other"))


@pytest.mark.parametrize("what", DAMAGE)
def test_what_was_changed_is_named_and_nothing_deleted(cut, what):
    damage, hint = DAMAGE[what]
    damage(cut)
    before = contents(cut)
    with pytest.raises(InputError, match=r"^[^\n]+$") as caught:
        resume(cut)
    assert hint in str(caught.value)
    assert "--force" in str(caught.value)
    assert contents(cut) == before


def test_force_begins_again_by_what_is_there_now(cut):
    longer(cut)
    (cut / "files" / "mine.py").write_text(BOT + "# other\n")
    told = []
    result = resume(cut, force=True, tell=told.append)
    assert told == [f"{cut}: running again from block 0: --force"]
    assert result.finished
    assert len(result.blocks) == 50
    assert load(cut).summary == result.summary


def test_a_strangers_checkpoint_is_not_read(cut, et_testbed, tmp_path):
    """Its pickle makes a folder as it is read."""
    mark = tmp_path / "executed"
    header, _, _ = (cut / "checkpoint.pickle").read_bytes().partition(b"\n")
    evil = pickle.dumps(Evil(str(mark)))
    (cut / "checkpoint.pickle").write_bytes(header + b"\n" + evil)
    done = et_testbed("run", "--resume", str(cut))
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "--trust-checkpoint" in done.stderr
    assert "--force" in done.stderr
    assert not mark.exists()
    et_testbed("run", "--resume", str(cut), "--trust-checkpoint")
    assert mark.exists()


class Evil:
    def __init__(self, place: str) -> None:
        self.place = place

    def __reduce__(self):
        return os.mkdir, (self.place,)


def test_it_goes_on_where_the_key_is_taken_along(cut, tmp_path, monkeypatch):
    kept = os.environ[STATE]
    monkeypatch.setenv(STATE, str(tmp_path / "another"))
    with pytest.raises(InputError, match="--trust-checkpoint"):
        resume(cut)
    monkeypatch.setenv(STATE, kept)
    assert resume(cut).finished


def test_a_checkpoint_of_another_machine_can_be_trusted(cut, tmp_path, monkeypatch):
    monkeypatch.setenv(STATE, str(tmp_path / "another"))
    told = []
    assert resume(cut, trust_checkpoint=True, tell=told.append).finished
    assert told == [f"{cut}: going on from block 20"]


def test_the_key_is_for_its_owner_alone(tmp_path):
    key = own_key(tmp_path / "state")
    assert own_key(tmp_path / "state") == key
    assert (tmp_path / "state" / "key").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in (tmp_path / "state").iterdir()] == ["key"]
    (tmp_path / "state" / "key").chmod(0o644)
    with pytest.raises(PermissionError, match="only its owner"):
        own_key(tmp_path / "state")


def test_where_there_is_no_place_for_a_key_the_run_goes_on_without(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(STATE, str(tmp_path / "file" / "state"))
    cut = run(blocks=20, overrides=["market.structure=et"], out=tmp_path / "run", progress=lambda _, n, __: n < 9)
    assert not cut.finished
    told = []
    assert resume(tmp_path / "run", tell=told.append).finished
    assert "no place for the key of checkpoints" in told[0]


@pytest.mark.parametrize("command", [("run", "--resume"), ("replay",), ("verify",), ("trace",), ("report",)])
@pytest.mark.parametrize("what", ["signatures", "structure", "nested"])
def test_a_manifest_of_nonsense_is_one_line(cut, et_testbed, command, what):
    file = cut / "manifest.json"
    nested = '{"config": ' + "[" * 100_000 + "]" * 100_000 + "}"
    if what == "nested":
        file.write_text(nested)
    else:
        edit(file, **{what: "zzz"})
    more = ("0",) if command == ("trace",) else ()
    done = et_testbed(*command, str(cut), *more)
    if done.returncode == 0:  # a page, or a ticket's life, that does not depend on it
        assert command in (("trace",), ("report",))
        return
    assert done.returncode == 2, done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert str(file) in done.stderr
