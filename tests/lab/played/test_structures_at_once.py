"""The structures of a run in a process each: the same bytes, errors and ends as one after the other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path

import pytest

from chain.errors import RuleBroken
from experiments import InputError, load, run
from experiments.lab.assembly.assembly import make_driver
from experiments.lab.played.runs import resume
from experiments.lab.processes import cores, side_by_side

STRUCTURES = {"structure": ["pbs", "et", "et_expost"]}
BUYERS = {"strategy": "truthful", "role": ["buyer", "builder"], "count": 3}
SELLERS = {"strategy": "at_maturity", "role": "seller", "count": 2}
CONFIG = {"blocks": 24, "agents": [SELLERS, BUYERS], "market": STRUCTURES}
OWN = """
import os, signal, threading, warnings

from strategies import Buyer
from strategies.bidding import bids


class Plain(Buyer):
    def __init__(self):
        self.price = lambda lot: 1000  # does not pickle

    def bid(self, view):
        warnings.warn("one to bid")
        return bids(view, view.auctions, self.price)


class Killer(Plain):
    def bid(self, view):
        if view.slot == 5:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().bid(view)


class Threaded(Plain):
    def start(self, setup):
        super().start(setup)
        self.free = threading.Event()
        self.thread = threading.Thread(target=self.free.wait, daemon=True)
        self.thread.start()


class Leaver(Plain):
    def bid(self, view):
        if view.slot == 3:
            threading.Thread(target=threading.Event().wait, name="leftover").start()
        return super().bid(view)
"""
DRAW = """
def draw(urn, block, word):
    if block == {}:
        raise ValueError(f"no draw for {{block}}")
    return 0
"""


@pytest.fixture
def own(tmp_path):
    """A config with a strategy of the user's own, by its name."""
    (tmp_path / "own.py").write_text(OWN)

    def config(name: str, **more: object) -> dict:
        mine = {"strategy": f"{tmp_path / 'own.py'}:{name}", "role": "buyer"}
        return {**CONFIG, "agents": [SELLERS, BUYERS, mine], **more}

    return config


def contents(out: Path) -> dict[str, bytes]:
    return {str(file.relative_to(out)): file.read_bytes() for file in out.rglob("*") if file.is_file()}


@pytest.mark.parametrize("jobs", [2, 3])
def test_the_folder_is_the_same_byte_by_byte(tmp_path, jobs):
    one = run(CONFIG, out=tmp_path / "one")
    many = run(CONFIG, out=tmp_path / "many", jobs=jobs)
    assert contents(tmp_path / "one") == contents(tmp_path / "many")
    assert many.summary == one.summary
    assert list(many.structures) == STRUCTURES["structure"]
    assert str(many.profits) == str(one.profits)


def test_nothing_needs_to_pickle_and_what_is_warned_of_is_shown_once(own):
    with pytest.warns(UserWarning, match="one to bid") as shown:
        many = run(own("Plain"), jobs=3)
    assert len([warning for warning in shown if "one to bid" in str(warning.message)]) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert run(own("Plain")).summary == many.summary
    assert many.is_temporary
    assert len(many["et"].trades) > 0


@pytest.mark.slow
def test_isolated_strategies_have_their_processes_in_each(own, tmp_path):
    config = own("Plain", isolation={"mode": "process"}, blocks=4)
    run(config, out=tmp_path / "one")
    run(config, out=tmp_path / "many", jobs=3)
    assert contents(tmp_path / "one") == contents(tmp_path / "many")


@pytest.mark.parametrize("blocks", [(3,), (20,)])
def test_an_error_is_that_of_the_first_structure_that_has_one(tmp_path, blocks):
    (tmp_path / "my_draw.py").write_text(DRAW.format(*blocks))
    config = {**CONFIG, "chain": {"draw": f"{tmp_path / 'my_draw.py'}:draw"}}
    told = []
    for jobs in (1, 3):
        with pytest.raises(RuleBroken) as error:
            run(config, jobs=jobs, signatures="off")
        told.append(str(error.value))
    assert told[0] == told[1]


def test_a_run_that_was_stopped_goes_on_side_by_side(tmp_path):
    whole = run(CONFIG, out=tmp_path / "whole", signatures="off")
    cut = run({**CONFIG, "blocks": 2_000}, out=tmp_path / "cut", signatures="off", jobs=3,
              progress=lambda _, done, __: done < 8)  # fmt: skip
    assert not cut.finished
    assert set(cut.structures) == set(whole.structures)
    told: list[str] = []
    again = resume(tmp_path / "cut", jobs=3, tell=told.append, progress=lambda _, done, __: done < 40)
    assert len([line for line in told if "going on from block" in line]) == 3
    assert not again.finished


def test_gone_on_with_it_ends_with_the_same_bytes(tmp_path):
    config = {**CONFIG, "blocks": 60}
    whole = run(config, out=tmp_path / "whole", signatures="off")
    out = tmp_path / "cut"
    cut = run(config, out=out, signatures="off", progress=lambda name, done, _: (name, done) != ("et", 20))
    assert not cut.finished
    assert resume(out, jobs=3).summary == whole.summary
    assert contents(out) == contents(tmp_path / "whole")


def test_a_process_that_is_killed_is_named_and_the_others_can_go_on(own, tmp_path):
    with pytest.raises(ChildProcessError, match=r"^(et|pbs|et_expost): its process was killed by SIGKILL"):
        run(own("Killer", blocks=5_000), out=tmp_path / "run", jobs=3)
    assert not load(tmp_path / "run").finished


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"strict": True}, "strict shows the first violation"),
        ({"drive": lambda engine: make_driver(engine)}, "what drives the run"),
        ({"overrides": ["market.structure=et"]}, "one market structure"),
    ],
)
def test_where_one_process_does_it_who_wanted_more_is_told(change, why):
    with pytest.warns(UserWarning, match=f"^jobs = 2: .*{why}"):
        run(CONFIG, jobs=2, signatures="off", **change)


def test_threads_are_not_forked(own):
    with pytest.warns(UserWarning, match="strategies have begun threads"):
        run(own("Threaded"), jobs=3, signatures="off")


def test_left_out_a_short_run_takes_one_process(monkeypatch):
    monkeypatch.setattr("experiments.lab.processes.crew.side_by_side", None)
    assert run(CONFIG, jobs=None, signatures="off").finished
    with pytest.raises(InputError, match="jobs: 0"):
        run(CONFIG, jobs=0)


def test_a_worker_has_one_core():
    assert side_by_side({"one": lambda _: cores(), "two": lambda _: cores()}, 2) == {"one": 1, "two": 1}


def test_works_come_back_in_their_order_and_the_first_error_counts():
    def fails(name):
        raise InputError(f"{name} cannot")

    slow = {"a": lambda _: time.sleep(0.2), "b": lambda _: fails("b"), "c": lambda _: fails("c")}
    with pytest.raises(InputError, match="b cannot"):
        side_by_side(slow, 3, first=["c"])
    with pytest.raises(RuntimeError, match="Odd: odd"):  # what cannot be sent is told in words
        side_by_side({"a": lambda _: odd()}, 1)


def odd():
    class Odd(Exception):
        pass

    raise Odd("odd")


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "experiments.lab.cli", *arguments]


def until(condition) -> None:
    for _ in range(1200):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError


@pytest.mark.slow
@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("times", [1, 2])
def test_stopped_from_outside_all_of_it_stops_and_nothing_is_left(tmp_path, kind, times):
    """As the terminal and batch systems do it, the signal goes to all processes."""
    out = tmp_path / "run"
    line = command("run", "--blocks", "1000000", "--out", str(out), "--quiet", "--jobs", "3")
    with subprocess.Popen(line, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        until(lambda: len(list(out.glob("*/manifest.json"))) == 3)
        time.sleep(0.5)
        for _ in range(times):
            os.killpg(process.pid, kind)
            time.sleep(0.05)
        _, told = process.communicate(timeout=120)
    assert process.returncode == 130
    assert told.splitlines()[-1:] in (["interrupted: what was recorded until then is there"], [])
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    assert resume(out, force=times == 2, jobs=3, progress=lambda *_: False).path == out


@pytest.mark.slow
def test_killed_it_leaves_no_process_that_writes_on(tmp_path):
    out = tmp_path / "run"
    line = command("run", "--blocks", "1000000", "--out", str(out), "--quiet", "--jobs", "3")
    with subprocess.Popen(line, stderr=subprocess.PIPE, start_new_session=True) as process:
        until(lambda: len(list(out.glob("*/manifest.json"))) == 3)
        process.kill()
        process.communicate(timeout=60)  # until the last of those that could write to it has gone
    assert not resume(out, jobs=3, progress=lambda *_: False).finished


@pytest.mark.slow
def test_threads_that_a_strategy_leaves_behind_are_named(own, tmp_path, et_testbed_process):
    own("Leaver")
    text = '[market]\nstructure = ["et", "et_expost"]\n[[agents]]\nstrategy = "own.py:Leaver"\nrole = "buyer"\n'
    (tmp_path / "config.toml").write_text(f"blocks = 12\n{text}count = 2\ncan_build = true\n")
    ended = [et_testbed_process("run", "config.toml", "--jobs", jobs, "--json", cwd=tmp_path) for jobs in "12"]
    assert [process.returncode for process in ended] == [1, 1]
    assert all("threads that go on (leftover" in process.stderr for process in ended)
    assert ended[0].stdout == ended[1].stdout
