"""Strategies in processes of their own: what they do costs them turns, and nobody else anything."""

from __future__ import annotations

import json
import os
from pathlib import Path
from unittest.mock import patch

import pytest

from experiments import run, sweep
from experiments.lab.assembly.isolation import cell, child_process
from experiments.lab.config.errors import InputError
from experiments.lab.config.loading import read_config
from experiments.lab.played.replayed_run import replay
from experiments.lab.played.runs import resume
from experiments.lab.tournament import read_entrant, tournament
from experiments.lab.verify import verify_run
from market.intents import AuctionBid

STRATEGY = '''
import os, sys, time
from strategies import AuctionBid, Buyer


class Own(Buyer):
    """Bids more with every turn, and misbehaves in slot 5, or after it too."""

    def __init__(self, fault: str = "none", until: int = 5) -> None:
        self.fault, self.until, self.turns = fault, until, 0

    def bid(self, view):
        self.turns += 1
        if 5 <= view.slot <= self.until:
            wrong = getattr(self, self.fault)()
            if wrong is not None:
                return wrong
        return [AuctionBid(auction.id, 10_000_000 + 1_000_000 * self.turns) for auction in view.auctions]

    def none(self): return None
    def hold(self):
        self.turns = 0
        return []
    def hang(self):
        while True: pass
    def leave(self): os._exit(0)
    def eat(self):
        """And take time to end."""
        line, kept = int(sys.argv[1]), []
        os._exit = lambda code: (os.close(line), time.sleep(1000))
        while True: kept.append(bytearray(10_000_000))
    def flood(self):
        while True: print("x" * 1_000_000)
    def fork(self):
        while True: os.fork()
    def trick(self): return [Trick()]
    def forge(self): self.say(FORGED)
    def shout(self): self.say(b'j["intents", [["AuctionBid", 0, ' + b"[" * 100_000)
    def say(self, frame):
        os.write(int(sys.argv[1]), len(frame).to_bytes(8, "big") + frame)
        os._exit(0)
    def fail(self):
        secret, files = os.environ.get("ET_TESTBED_PASSWORD"), sorted(os.listdir("/proc/self/fd"))[3:]
        raise RuntimeError(f"{secret} {files}")


FORGED = (
    b"\\x80\\x04cmarket.intents\\nAuctionBid\\n(N}V" b"price_gwei\\nK\\x01s\\x86b."
)
"""A pickle that sets the price of every bid, by the opcode BUILD on the class."""


class Trick:
    def __reduce__(self): return os.mkdir, ("tricked",)
'''
SEATS = """
blocks = 12

[chain]
maturity = 3

[[agents]]
strategy = "at_maturity"
role = "seller"
parameters = { capacity = 4 }

[[agents]]
strategy = "truthful"
role = ["buyer", "builder"]

[[agents]]
strategy = "own.py:Own"
role = "buyer"
"""
SHORT_MS, HOUR_MS = 400, 3_600_000
ALONE = ("isolation.mode=process", f"isolation.decision_ms={HOUR_MS}", "isolation.memory_mb=64")
HURRIED = (*ALONE, f"isolation.decision_ms={SHORT_MS}")


@pytest.fixture(autouse=True)
def short_of_time_where_it_is_meant_to_be(monkeypatch):
    """However slow the machine is: a process may take an hour to start, and for any turn but that of slot 5. As it
    is saved it has as long as it has to decide."""
    for module in (child_process, cell):
        monkeypatch.setattr(module, "START_SECONDS", 3600.0)
    decide, remember = cell.Cell.decide, cell.Cell.remember

    def decided(self, number, phase, view):
        with patch.object(self, "_limits", self._limits if view.slot == 5 else unhurried(self._limits)):
            return decide(self, number, phase, view)

    def remembered(self):
        self._process.allow(self._limits.decision_ms / 1000)
        return remember(self)

    monkeypatch.setattr(cell.Cell, "decide", decided)
    monkeypatch.setattr(cell.Cell, "remember", remembered)


def unhurried(limits):
    return limits._replace(decision_ms=limits.decision_ms and HOUR_MS)


@pytest.fixture
def config(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.py").write_text(STRATEGY)
    (tmp_path / "seats.toml").write_text(SEATS)
    return tmp_path / "seats.toml"


def play(config, *changes, out=None, blocks=12, **more):
    return run(config, overrides=changes, blocks=blocks, signatures="off", out=out, **more)


def children() -> set[str]:
    me = os.getpid()
    return set(Path(f"/proc/{me}/task/{me}/children").read_text().split())


def test_alone_or_together_the_run_is_the_same(config, tmp_path):
    before = children()
    alone, together = play(config, *ALONE, out=tmp_path / "alone"), play(config)
    assert alone.summary["digest"] == together.summary["digest"]
    assert (alone.trades.buyer == "own-3").any()
    assert verify_run(tmp_path / "alone").is_sound
    assert not children() - before


def test_a_process_finds_modules_where_the_run_finds_them(config, tmp_path, monkeypatch):
    """Not in the present folder, with a `strategies` of its own, but where the run has put a place on its path."""
    (tmp_path / "strategies.py").write_text("raise ImportError('not this one')\n")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "module_of_mine.py").write_text(STRATEGY)
    monkeypatch.syspath_prepend(tmp_path / "elsewhere")
    result = play(config, *ALONE, "agents.2.strategy=module_of_mine:Own")
    assert result.violations.empty
    assert (result.trades.buyer == "own-3").any()


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("hang", "strategy_timed_out"),
        pytest.param("flood", "strategy_timed_out", marks=pytest.mark.slow),
        ("fork", "strategy_timed_out"),
        pytest.param("leave", "strategy_exited", marks=pytest.mark.slow),
        pytest.param("forge", "strategy_exited", marks=pytest.mark.slow),
        pytest.param("shout", "strategy_exited", marks=pytest.mark.slow),
        ("eat", "strategy_out_of_memory"),
    ],
)
def test_who_misbehaves_loses_the_turn_and_begins_anew(config, tmp_path, fault, code):
    """As one that held in that slot and forgot what it knew; a replay loses the same turn, without a wait."""
    before = children()
    terms = HURRIED if code == "strategy_timed_out" else ALONE
    result = play(config, *terms, f"agents.2.parameters.fault={fault}", out=tmp_path / "run")
    assert result.violations[["slot", "phase", "agent", "code"]].values.tolist() == [[5, "bid", "own-3", code]]
    held = play(config, "agents.2.parameters.fault=hold")
    for name in ("trades", "bids", "payments", "blocks"):
        assert getattr(result, name).equals(getattr(held, name))
    (outcome,) = replay(tmp_path / "run").values()
    assert outcome.is_same, outcome
    assert AuctionBid(0, 5).price_gwei == 5
    assert not children() - before


def test_an_object_of_its_own_in_an_answer_is_refused_as_in_the_run_and_never_made(config, tmp_path):
    fault = "agents.2.parameters.fault=trick"
    alone, together = play(config, *ALONE, fault), play(config, fault)
    assert alone.violations.code.tolist() == ["wrong_intent"]
    assert alone.summary["digest"] == together.summary["digest"]
    assert not (tmp_path / "tricked").exists()


def test_the_run_has_nothing_of_an_isolated_strategy(config, tmp_path):
    """Neither its module nor an object: not as it is assembled, nor for a checkpoint."""
    (tmp_path / "own.py").write_text(SPY)
    cut = play(config, *ALONE, out=tmp_path / "run", progress=lambda _, done, __: done < 7, checkpoint_seconds=0)
    again = resume(tmp_path / "run")
    assert not cut.finished
    assert again.summary["digest"] == play(config, *ALONE).summary["digest"]
    assert verify_run(tmp_path / "run").is_sound
    pids = {int(line.split()[1]) for line in (tmp_path / "spied").read_text().splitlines()}
    assert {line.split()[0] for line in (tmp_path / "spied").read_text().splitlines()} >= {"file", "init", "save"}
    assert os.getpid() not in pids


SPY = """
import os
from pathlib import Path
from strategies import AuctionBid, Buyer

def spy(what):
    with open(PLACE, "a") as file:
        print(what, os.getpid(), file=file)

PLACE = Path.cwd() / "spied"
spy("file")

class Own(Buyer):
    def __init__(self, fault: str = "none"):
        spy("init")
        self.turns = 0

    def __getstate__(self):
        spy("save")
        return self.__dict__

    def bid(self, view):
        self.turns += 1
        return [AuctionBid(auction.id, 10_000_000 + 1_000_000 * self.turns) for auction in view.auctions]
"""
SAVING = """
import os, time
from strategies import AuctionBid, Buyer

class Own(Buyer):
    def __init__(self, fault: str = "none"):
        self.fault, self.turns = fault, 0

    def __getstate__(self):
        if self.fault == "slow":
            time.sleep(0.6)
        if self.fault == "leave":
            os._exit(0)
        if self.fault == "fail":
            raise SystemExit("not me")
        return self.__dict__

    def bid(self, view):
        self.turns += 1
        return [AuctionBid(auction.id, 10_000_000 + 1_000_000 * self.turns) for auction in view.auctions]
"""


@pytest.mark.parametrize("fault", ["slow", "fail"])
def test_to_be_saved_costs_no_turn(config, tmp_path, fault):
    """A learner may be saved more slowly than it must decide, and may not be saved at all."""
    (tmp_path / "own.py").write_text(SAVING)
    changes = (*HURRIED, f"agents.2.parameters.fault={fault}", "blocks=4")
    often = play(config, *changes, blocks=4, out=tmp_path / "often", checkpoint_seconds=0)
    never = play(config, *changes, blocks=4)
    assert often.summary["digest"] == never.summary["digest"]
    assert not len(often.violations)


@pytest.mark.slow
def test_who_ends_its_process_as_it_is_saved_has_lost_its_next_turn(config, tmp_path):
    (tmp_path / "own.py").write_text(SAVING)
    changes = (*ALONE, "agents.2.parameters.fault=leave")
    result = play(config, *changes, out=tmp_path / "run", checkpoint_seconds=0)
    assert result.violations.code.tolist() == ["strategy_exited"]
    assert (result.bids.bidder[result.bids.slot > 5] == "own-3").any()
    assert all(outcome.is_same for outcome in replay(tmp_path / "run").values())


BROKEN = {
    "raise SystemExit(0)": r"own\.py cannot be loaded: own\.py:2 SystemExit: 0",
    "class Own(Buyer):\n    def __init__(self): 1 / 0": "Own cannot be made: own.py:3 ZeroDivisionError",
    "class Own(Buyer):\n    def __init__(self, a: 'nothing'): pass": "of Own cannot be read: own.py:1 NameError",
    "class Own(Buyer):\n    roles = 'king'": "its roles are 'king'; they must be a set of seller, buyer, builder",
    "class Own(Buyer):\n    def start(self, setup): raise SystemExit(0)": (
        r"agents: own-1 cannot be started: own\.py:3 SystemExit: 0"
    ),
    "class Own(Buyer):\n    def __init__(self, a: int): pass": r"agents\.0\.parameters\.a: missing",
    "class Other(Buyer): pass": "own.py has no 'Own'",
}


@pytest.mark.parametrize("source", BROKEN)
@pytest.mark.parametrize("mode", ["none", "process"])
def test_what_cannot_begin_is_refused_alike(tmp_path, mode, source):
    (tmp_path / "own.py").write_text(f"from strategies import Buyer\n{source}\n")
    with pytest.raises(InputError, match=BROKEN[source]):
        run({"agents": [{"strategy": f"{tmp_path}/own.py:Own"}], "isolation": {"mode": mode}}, blocks=1)


def test_who_ends_the_process_as_it_is_loaded_is_named(tmp_path):
    (tmp_path / "own.py").write_text("import os\nos._exit(0)\n")
    with pytest.raises(InputError, match=r"agents\.0\.strategy: its process ended, or hung, as it was loaded"):
        run({"agents": [{"strategy": f"{tmp_path}/own.py:Own"}], "isolation": {"mode": "process"}}, blocks=1)


@pytest.mark.slow
def test_after_so_many_losses_the_place_is_lost(config, tmp_path):
    faulty = ("agents.2.parameters.fault=leave", "agents.2.parameters.until=99", "isolation.strikes=2")
    result = play(config, *ALONE, *faulty, out=tmp_path / "run")
    assert result.violations.slot.tolist() == [5, 6]
    first, second = result.violations.message
    assert "place" not in first
    assert second.endswith("; after 2 losses it has lost its place")
    assert not (result.bids.bidder[result.bids.slot > 6] == "own-3").any()
    assert verify_run(tmp_path / "run").is_sound


def test_what_it_raises_is_said_as_ever_and_it_goes_on(config, monkeypatch):
    """Nothing of the run's secrets is in its environment, and no file of the run is open to it but its line."""
    monkeypatch.setenv("ET_TESTBED_PASSWORD", "secret")
    result = play(config, *ALONE, "agents.2.parameters.fault=fail")
    (message,) = result.violations.message
    assert message.startswith("own.py:44 RuntimeError: None [")
    assert len(json.loads(message.partition("None ")[2].replace("'", '"'))) <= 2
    assert (result.bids.bidder[result.bids.slot > 5] == "own-3").any()


@pytest.mark.slow
def test_a_run_that_was_cut_off_goes_on_with_what_it_remembers(config, tmp_path):
    whole = play(config, *ALONE)
    cut = play(config, *ALONE, out=tmp_path / "run", progress=lambda _, done, __: done < 7, checkpoint_seconds=0)
    assert not cut.finished
    told: list[str] = []
    again = resume(tmp_path / "run", tell=told.append)
    assert "going on from block 7" in told[0]
    assert again.summary["digest"] == whole.summary["digest"]


def test_the_project_s_own_strategies_can_be_named(config):
    named = (*ALONE, 'isolation.strategies=["truthful"]')
    assert play(config, *named).summary["digest"] == play(config).summary["digest"]


def test_one_in_another_folder_can_be_named_as_the_agents_name_it(config, tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "own.py").rename(tmp_path / "sub" / "own.py")
    elsewhere = 'agents.2.strategy="sub/own.py:Own"'
    named = play(config, elsewhere, *ALONE, 'isolation.strategies=["sub/own.py:Own"]', out=tmp_path / "run")
    assert named.summary["digest"] == play(config, elsewhere).summary["digest"]
    assert all(outcome.is_same for outcome in replay(tmp_path / "run").values())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (['isolation.strategies=["own"]'], "no agents play 'own'; there are at_maturity, own.py:Own, truthful"),
        (["isolation.mode=thread"], "isolation.mode"),
        (["isolation.decision_ms=0"], "isolation.decision_ms"),
    ],
)
def test_what_makes_no_sense_is_refused(config, changes, message):
    with pytest.raises(InputError, match=message):
        read_config(config, changes)


def test_builders_in_the_open_auction_stay_with_the_run(config):
    changes = [*ALONE, "market.pbs=slot_auction", "agents.1.strategy=naive", 'agents.1.role="builder"']
    with pytest.raises(InputError, match="bids in the open auction of a block"):
        play(config, *changes, 'isolation.strategies=["naive"]')


@pytest.mark.slow
def test_in_a_tournament_the_results_are_the_same(config):
    """The base config need not have anyone to isolate; the entrants are there later."""
    base = config.with_name("base.toml")
    base.write_text(SEATS.replace('"own.py:Own"', '"truthful"\ncount = 2'))
    entrants = [read_entrant(name) for name in ("truthful", "own.py:Own")]
    alone, together = (
        tournament(base, entrants, [1], group=2, backend_name="sequential", overrides=overrides)
        for overrides in (ALONE, ())
    )
    assert alone.summary() == together.summary()


@pytest.mark.slow
def test_in_a_sweep_the_results_are_the_same(config):
    grid = {"agents.2.parameters.fault": ["none", "leave"]}
    alone = sweep(config, grid, [1], overrides=[*ALONE, "blocks=12"])
    together = sweep(config, {"agents.2.parameters.fault": ["none"]}, [1], overrides=["blocks=12"])
    assert alone.summary()[0]["metrics"] == together.summary()[0]["metrics"]
    assert alone.runs["error"].isna().all()


def test_on_the_command_line(config, et_testbed):
    nobody = et_testbed("run", str(config), "--isolate", "process", "--set", "agents.2.strategy=truthful")
    assert nobody.returncode == 2
    assert "no agents play a strategy of one's own" in nobody.stderr
    printed = et_testbed("run", str(config), "--isolate", "process", "--signatures", "off", "--json").stdout
    assert json.loads(printed)["digest"] == play(config).summary["digest"]
