"""Who stops a command that does not end is told what it waits for, and which line of one's own is busy."""

from __future__ import annotations

import re
import signal
import time

import pytest

from chain.interruption import CALLED
from experiments.lab.played.structures_at_once import FrontDesk
from experiments.lab.processes.unended import Unended, watch_the_end
from tests.lab.cli.test_signals import begun

LOOP = "def bid(goes_on):\n    while goes_on():\n        pass\n"
BUSY = "my.py:2 (in bid) has not answered yet; `et-testbed check` finds what takes too long"
ENDLESS = """from strategies import Buyer
class Endless(Buyer):
    def bid(self, view):
        while True:
            pass
"""
CONFIG = """blocks = 20
[[agents]]
strategy = "at_maturity"
role = "seller"
[[agents]]
strategy = "endless.py:Endless"
role = "buyer"
"""


def loop_until(said: list[str], size: int) -> None:
    """A loop in a file of the user's own that ends once so much was said, or it takes too long."""
    end = time.monotonic() + 20
    own: dict[str, object] = {CALLED: "my.py"}
    exec(LOOP, own)
    own["bid"](lambda: len(said) < size and time.monotonic() < end)  # type: ignore[operator]


def test_what_goes_on_after_the_first_signal_is_said_with_the_line_that_is_busy():
    said: list[str] = []
    with Unended("ending after this slot", said.append, seconds=0.01) as unended:
        unended.ask()
        unended.ask()
        loop_until(said, 2)
    assert said == ["ending after this slot", BUSY]


def test_nothing_is_said_of_what_ends_at_once_or_was_never_to_end():
    said: list[str] = []
    with Unended("ending after this slot", said.append, seconds=0.01):
        time.sleep(0.05)
    with Unended("ending after this slot", said.append, seconds=60) as unended:
        unended.ask()
    assert said == []


def test_a_process_that_works_for_another_says_where_it_is_busy(monkeypatch):
    monkeypatch.setattr("experiments.lab.processes.unended.PATIENCE_SECONDS", 0.01)
    said: list[str] = []
    watch_the_end(lambda: True, said.append)
    loop_until(said, 1)
    assert said == [BUSY]


def test_structures_that_come_past_no_slot_are_stopped_too():
    assert not FrontDesk(["et", "et_expost"], lambda *_: False, print).goes_on()


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_endless_strategy_is_named_at_the_first_signal_and_ended_by_the_second(tmp_path, jobs):
    (tmp_path / "endless.py").write_text(ENDLESS)
    (tmp_path / "market.toml").write_text(CONFIG)
    out = tmp_path / "out"
    with begun("run", str(tmp_path / "market.toml"), "--out", str(out), "--jobs", jobs,
               "--set", 'market.structure=["et", "et_expost"]') as process:  # fmt: skip
        while not list(out.glob("**/manifest.json")):
            assert process.poll() is None
            time.sleep(0.05)
        time.sleep(1)
        process.send_signal(signal.SIGTERM)
        assert process.stderr is not None
        said = [process.stderr.readline() for _ in range(2)]
        process.send_signal(signal.SIGTERM)
        rest = process.communicate(timeout=60)[1]
    assert said[0] == "ending after this slot; once more ends it at once\n"
    assert re.fullmatch(r"(warning: )?endless\.py:\d \(in bid\) has not answered yet; .*\n", said[1])
    assert process.returncode == 130, rest
