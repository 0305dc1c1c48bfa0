"""What is the user's own is checked in a process of its own, which is held to its time and told of by its line."""

from __future__ import annotations

import json

import pytest

from experiments.lab.config.errors import InputError
from experiments.lab.conformance.own_check import check_own

LOOPS = """
from strategies import AuctionBid, Buyer

class InBid(Buyer):
    def bid(self, view):
        while True:
            pass

class InC(Buyer):
    def bid(self, view):
        return [
            10**10**9
        ]

class InComprehension(Buyer):
    def bid(self, view):
        from itertools import count
        return [AuctionBid(1, 1) for n in count() if n < 0]

class Deaf(Buyer):
    def bid(self, view):
        while True:
            try:
                while True: pass
            except BaseException: pass

class Sleepy(Buyer):
    def bid(self, view):
        import time
        time.sleep(10**6)

class InInit(Buyer):
    def __init__(self):
        while True: pass

class InStart(Buyer):
    def start(self, setup):
        while True: pass

class InPickle(Buyer):
    def __getstate__(self):
        while True: pass

class Leaves(Buyer):
    def bid(self, view):
        import os
        os._exit(0)

class Quits(Buyer):
    def bid(self, view):
        quit()

def draw(state, block):
    while True: pass

def pricing(lots):
    while True: pass
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("own")
    (place / "bots").mkdir()
    (place / "bots" / "loops.py").write_text(LOOPS)
    (place / "bots" / "hung.py").write_text("import loops\n\n\nwhile True: pass\n")
    return place


def told(folder, name: str) -> str:
    verdict = check_own(f"bots/{name}", folder=folder, patience=0.3)
    assert not verdict.passed
    assert verdict.text.startswith(f"bots/{name}\n")
    return verdict.text.splitlines()[1]


def test_a_loop_without_end_is_ended_in_time_and_told_by_its_line(folder):
    assert told(folder, "loops.py:InC") == (
        "FAIL time: bots/loops.py:12 bid takes more than 0.3 s; it was ended there"
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("loops.py:InBid", "FAIL time: bots/loops.py:"),
        ("loops.py:InComprehension", "FAIL time: bots/loops.py:18 bid takes"),
        ("loops.py:Deaf", "FAIL time: bots/loops.py:24 bid takes"),
        ("loops.py:Sleepy", "FAIL time: bots/loops.py:30 bid takes"),
        ("loops.py:InInit", "FAIL time: bots/loops.py:34 the constructor takes more than 1.2 s"),
        ("loops.py:InStart", "FAIL time: bots/loops.py:38 start takes"),
        ("loops.py:InPickle", "FAIL time: bots/loops.py:42 pickle takes"),
        ("loops.py:draw", "FAIL time: bots/loops.py:54 the draw takes"),
        ("loops.py:pricing", "FAIL time: bots/loops.py:57 the pricing takes"),
        ("loops.py:Leaves", "FAIL process: it ended in bid"),
        ("hung.py:Any", "FAIL time: bots/hung.py:4 the import takes"),
    ],
)
def test_wherever_it_hangs_or_ends_the_check_says_where(folder, name, says):
    assert told(folder, name).startswith(says)


@pytest.mark.slow
def test_what_wants_to_end_the_process_by_an_exception_is_a_fault_as_any(folder):
    verdict = check_own("bots/loops.py:Quits", views=50, folder=folder)
    assert "bots/loops.py:51 SystemExit" in verdict.text


def test_what_there_is_not_is_told_before_a_process_begins(folder):
    with pytest.raises(InputError, match=r"there is no file bots/none\.py"):
        check_own("bots/none.py:Any", folder=folder)


def test_a_pricing_rule_is_told_from_a_draw_rule_by_what_it_asks_for(et_testbed, tmp_path):
    (tmp_path / "mine.py").write_text("def mine(lots, reserve=0):\n    return [None for lot in lots]\n")
    done = et_testbed("check", "mine.py:mine", "--json", cwd=tmp_path)
    assert done.returncode == 0
    assert json.loads(done.stdout)["sales"] == 500
    assert done.stderr.startswith("warning: no lot was ever sold")
