"""Runs that are cut off: killed, out of disk, interrupted; and how they go on."""

from __future__ import annotations

import json
import multiprocessing
import pickle
import random
import resource
import shutil
import time

import pytest

from experiments import InputError, load, run
from experiments.lab.played.runs import resume
from experiments.lab.runs import checkpoint

OVERRIDES = ["market.structure=et", "blocks=250", "chain.maturity=8"]
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["experiments.lab.played.runs", "pandas"])

UNPICKLABLE = """
from strategies import Buyer
from strategies.bidding import bids


class Stubborn(Buyer):
    def __init__(self):
        self.price = lambda lot: 1000

    def bid(self, view):
        return bids(view, view.auctions, self.price)
"""


def go(out, config=None, disk=None):
    """What a process does that is to be killed: begin the run, or go on with it, with checkpoints all the time."""
    checkpoint.WORTH = 1
    if disk is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (disk, disk))
    if (out / "manifest.json").exists():
        resume(out, checkpoint_seconds=0)
    else:
        run(config, overrides=OVERRIDES, out=out, signatures="off", checkpoint_seconds=0)


def process(*args, **kwargs):
    made = CONTEXT.Process(target=go, args=args, kwargs=kwargs)
    made.start()
    return made


def kill(worker):
    worker.kill()
    worker.join()


def until(condition, worker):
    while not condition():
        assert worker.exitcode is None
        time.sleep(0.01)


@pytest.fixture(scope="module")
def whole():
    return run(overrides=OVERRIDES, signatures="off")


def files(path):
    return {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in path.rglob("*") if file.is_file()}


@pytest.mark.parametrize("wanted", [2, pytest.param(20, marks=pytest.mark.slow)])
def test_killed_at_random_moments_it_ends_as_if_nothing_had_been(tmp_path, whole, wanted):
    moments, kills, runs = random.Random(5), 0, 0
    while kills < wanted:
        out = tmp_path / str(runs)
        while not (out / "manifest.json").exists() or not load(out).finished:
            worker = process(out)
            worker.join(moments.uniform(0.1, 1.2) if kills < wanted else None)
            if worker.exitcode is None:
                kill(worker)
                kills += 1
                check_readable(out, whole)
            else:
                assert worker.exitcode == 0
        assert load(out).summary == whole.summary
        assert {file.name for file in out.iterdir()} == {"manifest.json", "summary.json", "tables"}
        for name in whole.tables():
            table = f"tables/{name}.parquet"
            assert (out / table).read_bytes() == (whole.path / table).read_bytes()
        runs += 1


def check_readable(out, whole):
    """Whatever is there of the tables is the beginning of what will be."""
    if not (out / "manifest.json").exists():
        shutil.rmtree(out, ignore_errors=True)
        return
    cut = load(out)
    for name in cut.tables():
        rows = getattr(cut, name)
        assert rows.astype(object).equals(getattr(whole, name).head(len(rows)).astype(object))


def test_a_strategy_that_does_not_pickle_begins_again_and_says_so(tmp_path):
    (tmp_path / "own.py").write_text(UNPICKLABLE)
    agents = [{"strategy": f"{tmp_path / 'own.py'}:Stubborn"}, {"strategy": "at_once", "role": "seller"}]
    worker = process(tmp_path / "run", {"agents": agents})
    until(lambda: (tmp_path / "run" / "checkpoint.pickle").exists(), worker)
    kill(worker)
    (tmp_path / "own.py").unlink()  # the run has a copy
    told = []
    result = resume(tmp_path / "run", tell=told.append)
    assert len(told) == 1
    assert "running again from block 0: the strategy Stubborn of stubborn-1 does not pickle" in told[0]
    assert result.finished
    assert len(result.blocks) == 250


def test_a_run_that_was_cut_off_before_its_first_checkpoint(tmp_path, whole):
    worker = process(tmp_path / "run")
    until(lambda: (tmp_path / "run" / "checkpoint.pickle").exists(), worker)
    kill(worker)
    (tmp_path / "run" / "checkpoint.pickle").unlink()
    told = []
    assert resume(tmp_path / "run", tell=told.append).summary == whole.summary
    assert "running again from block 0: it had not come to its first checkpoint" in told[0]


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (lambda data: pickle.dumps(data), "its checkpoint is from an earlier version"),
        (lambda data: data.replace(b"numpy", b"nunpy", 1), "its checkpoint is from python"),
    ],
)
def test_a_checkpoint_that_is_no_good_is_not_used(tmp_path, whole, damage, why):
    result = run(
        overrides=OVERRIDES, out=tmp_path / "run", signatures="off", progress=lambda _, done, __: done < 20
    )
    file = tmp_path / "run" / "checkpoint.pickle"
    file.write_bytes(damage(file.read_bytes()))
    told = []
    assert not result.finished
    assert resume(tmp_path / "run", tell=told.append).summary == whole.summary
    assert why in told[0]


def test_an_interrupted_run_goes_on(tmp_path, whole):
    out = tmp_path / "run"
    cut = run(overrides=OVERRIDES, out=out, signatures="off", progress=lambda _, done, __: done < 100)
    assert len(cut.blocks) == 100
    out.rename(tmp_path / "moved")
    told = []
    again = resume(tmp_path / "moved", tell=told.append)
    assert told == [f"{tmp_path / 'moved'}: going on from block 100"]
    assert again.summary == whole.summary


def test_a_finished_run_is_left_alone(tmp_path):
    result = run(overrides=OVERRIDES, out=tmp_path / "run", blocks=20, signatures="off")
    before, told = files(result.path), []
    assert resume(result.path, tell=told.append).summary == result.summary
    assert files(result.path) == before
    assert "finished" in told[0]


def test_three_structures_go_on_where_they_were(tmp_path):
    overrides = ['market.structure=["pbs","et","et_expost"]', "blocks=40", "chain.maturity=8"]
    whole = run(overrides=overrides, out=tmp_path / "whole")
    stop = {"et": 15}
    run(overrides=overrides, out=tmp_path / "cut", progress=lambda name, done, _: done < stop.get(name, 99))
    assert set(load(tmp_path / "cut").structures) == {"pbs", "et"}
    told = []
    assert resume(tmp_path / "cut", tell=told.append).summary == whole.summary
    assert [line.partition(": ")[2] for line in told] == [
        "going on from block 15",
        "begins at block 0",
    ]


def test_a_full_disk_loses_nothing_that_was_written(tmp_path, whole):
    worker = process(tmp_path / "run", disk=40_000)
    worker.join(60)
    assert worker.exitcode == 1
    assert not load(tmp_path / "run").finished
    assert resume(tmp_path / "run").summary == whole.summary


def test_a_second_process_is_refused(tmp_path, whole):
    out = tmp_path / "run"
    worker = process(out)
    until(lambda: (out / "checkpoint.pickle").exists(), worker)
    with pytest.raises(InputError, match="another process is writing"):
        resume(out)
    with pytest.raises(InputError, match="another process is writing"):
        run(overrides=OVERRIDES, out=out, force=True)
    kill(worker)
    assert resume(out).summary == whole.summary


def test_keys_are_not_in_a_checkpoint(tmp_path):
    from chain.account import derive_accounts
    from chain.randomness import Streams

    run(overrides=OVERRIDES, out=tmp_path / "run", progress=lambda _, done, __: done < 20)
    data = (tmp_path / "run" / "checkpoint.pickle").read_bytes()
    names = [entry["name"] for entry in json.loads((tmp_path / "run" / "manifest.json").read_text())["accounts"]]
    accounts = derive_accounts(Streams(7), names[1:])
    assert names[1].encode() in data
    assert not any(account.key.__getstate__() in data for account in accounts)
