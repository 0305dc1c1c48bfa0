"""What a run tells its user at its end."""

from __future__ import annotations

import re
import shlex

import pytest

from experiments import run
from experiments.lab.runs.taking_part import idle_line
from experiments.lab.runs.violation_kinds import told_kind

CONFIG = """
blocks = 8
[chain]
supply = 9
maturity = 8
[[agents]]
strategy = "at_once"
role = "seller"
[[agents]]
strategy = "truthful"
count = 2
role = ["buyer", "builder"]
[[agents]]
strategy = "bots/own.py:Own"
count = 5
parameters = {kind = "KIND"}
"""
OWN = """
from strategies import Buyer, Cancel, Hold

from helper import fail


class Own(Buyer):
    def __init__(self, kind: str = ""):
        self.kind = kind

    def bid(self, view):
        if self.kind == "own":
            return [view.outlok]
        if self.kind == "other file":
            fail(view.slot)
        if self.kind == "refused":
            return [Cancel(10**6 + number) for number in (1, 2, 3)]
        return [Hold()] if self.kind == "holds" else []
"""
LOW = """
from strategies import AuctionBid, Buyer


class Low(Buyer):
    def bid(self, view):
        return [AuctionBid(lot.id, 1) for lot in view.auctions if lot.reserve_gwei == 0]
"""
HELPER = "def fail(slot):\n    raise KeyError(f'[red]\\033[2J{slot}')\n"
SAID = {
    "own": ["bots/own.py:13 AttributeError: View has no 'outlok'", "8 of 8 turns"],
    "other file": ["bots/helper.py:2 KeyError: '[red]", "8 of 8 turns"],
    "refused": ["unknown_order: ", "24 times in 8 of 8 turns"],
}
NEVER = "bots/own.py:Own never acted: own-4 and 4 others were asked 40 times, and "


@pytest.fixture
def folder(tmp_path):
    """Puts a config with strategies of one's own down."""
    (tmp_path / "bots").mkdir()
    (tmp_path / "bots" / "own.py").write_text(OWN)
    (tmp_path / "bots" / "helper.py").write_text(HELPER)

    def write(kind: str):
        (tmp_path / "c.toml").write_text(CONFIG.replace("KIND", kind))
        return tmp_path

    return write


def ran(et_testbed, folder, *options: str):
    done = et_testbed("run", "c.toml", "--signatures", "off", *options, cwd=folder, env={"COLUMNS": "100"})
    assert done.returncode == 0, done.stderr
    return done


def stripped(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines()]


@pytest.mark.parametrize("kind", SAID)
def test_what_a_strategy_does_wrong_is_told_with_its_line_its_turns_and_what_mends_it(et_testbed, folder, kind):
    text = ran(et_testbed, folder(kind)).stdout
    what, often = SAID[kind]
    lines = stripped(text)
    at = next(number for number, line in enumerate(lines) if line.startswith(f"  {what}"))
    by = re.compile(rf"    own-\d: {often}, first in block 0 \(bid\)")
    assert all(by.match(line) for line in lines[at + 1 : at + 4])
    assert lines[at + 1].endswith("; --strict stops there")
    rest = 2 * int(often.split()[0])
    assert lines[at + 4] == f"    2 more agents: {rest} times"
    assert f"{NEVER}nothing came but violations ({5 * int(often.split()[0])})" in " ".join(lines)
    assert "nothing is kept: no --out was given" in lines
    assert lines[-1].startswith("next: et-testbed run c.toml --strict  # ")
    assert "\033" not in text


def test_an_isolated_strategy_is_told_of_by_the_same_line(et_testbed, folder):
    given = ("--set", "isolation.mode=process", "--set", "agents.2.count=1")
    lines = stripped(ran(et_testbed, folder("other file"), *given).stdout)
    assert "  bots/helper.py:2 KeyError: '[red]" in "\n".join(lines)
    assert "    own-4: 8 of 8 turns, first in block 0 (bid); --strict stops there" in lines


@pytest.mark.parametrize("kind", ["holds", ""])
def test_a_strategy_that_wants_nothing_never_acted(et_testbed, folder, kind):
    text = ran(et_testbed, folder(kind), "--set", 'market.structure=["pbs","et"]').stdout
    assert "under et: own-4 and 4 others were asked 40 times, and no intent came" in " ".join(stripped(text))
    quiet, json = (ran(et_testbed, folder(kind), option) for option in ("--quiet", "--json"))
    assert NEVER in quiet.stderr == json.stderr
    assert quiet.stdout == ""


def test_who_was_never_asked_is_sent_to_the_check():
    line = idle_line("bots/own.py:Own", ["own-4"], [], False)
    assert line.startswith("bots/own.py:Own never acted: there was no phase in which to ask own-4; ")
    assert "`et-testbed check` names a method that nobody asks for" in line


@pytest.mark.parametrize("code", ["unknown_order", "not_owner", "auction_closed"])
def test_what_may_have_been_overtaken_is_told_so(code):
    assert "between the view and the arrival of the intent" in told_kind(code, code, "what was refused")


def test_who_bids_and_wins_nothing_is_told_beside_what_was_paid(tmp_path):
    (tmp_path / "low.py").write_text(LOW)
    seats = [{"strategy": "at_once", "role": "seller"}, {"strategy": "truthful", "count": 2}]
    low = {"strategy": str(tmp_path / "low.py:Low"), "role": "buyer"}
    text = " ".join(str(run({"blocks": 8, "agents": [*seats, low]}, signatures="off")).split())
    told = re.search(
        r"low.py:Low won nothing: low-4 made (\d+) bids, 1e-09 ETH in the mean; those who won the same auctions",
        text,
    )
    assert told, text
    assert int(told[1]) > 3
    assert "truthful won nothing" not in text


def test_strict_names_who_it_was_and_shows_the_users_own_lines_alone(et_testbed, folder):
    options = ("run", "c.toml", "--signatures", "off", "--strict")
    refused = et_testbed(*options, cwd=folder("refused"))
    assert "rests in the book; own-4 in block 0, phase bid" in refused.stderr
    assert "Traceback" not in refused.stderr
    raised = et_testbed(*options, cwd=folder("own"))
    assert 'own.py", line 13, in bid' in raised.stderr
    assert "roll_call" not in raised.stderr


def test_who_acts_is_not_told_of(et_testbed, folder):
    place = folder("")
    text = "from strategies.buyers.truthful import Truthful\n\nclass Own(Truthful): ..."
    (place / "bots" / "own.py").write_text(text)
    (place / "c.toml").write_text((place / "c.toml").read_text().replace('parameters = {kind = ""}', ""))
    done = ran(et_testbed, place)
    assert "never acted" not in done.stdout + done.stderr
    assert "violation under" not in done.stdout


def test_the_users_own_strategies_earn_first(et_testbed, folder):
    lines = stripped(ran(et_testbed, folder("")).stdout)
    first = lines.index("profit, ETH") + 1
    names = [line.split()[0] for line in lines[first : first + 8]]
    assert names == ["own-4", "own-5", "own-6", "own-7", "own-8", "at_once-1", "truthful-2", "truthful-3"]
    assert lines[first].startswith("  own-4  bots/own.py:Own ")


def test_many_agents_are_taken_together(et_testbed, folder):
    lines = stripped(ran(et_testbed, folder(""), "--set", "agents.1.count=40", "--set", "agents.2.count=1").stdout)
    others = next(line for line in lines if "18 others" in line)
    profit = run(folder("") / "c.toml", overrides=["agents.1.count=40", "agents.2.count=1"]).summary["profit_eth"]
    assert float(others.split()[-2]) == pytest.approx(sum(list(profit.values())[-19:-1]), abs=1e-4)


def test_the_next_command_is_one(et_testbed, folder):
    place = folder("own")
    for code, given in ((1, ()), (0, ("--set", "agents.2.parameters.kind=''"))):
        line = ran(et_testbed, place, *given).stdout.splitlines()[-1]
        words = shlex.split(line.removeprefix("next: et-testbed "), comments=True)
        assert et_testbed(*words, cwd=place).returncode == code
    done = ran(et_testbed, place, *given, "--out", "a b")
    *_, kept, line = done.stdout.splitlines()
    assert kept == "kept in a b"
    assert (
        et_testbed(*shlex.split(line.removeprefix("next: et-testbed "), comments=True), cwd=place).returncode == 0
    )
    assert (place / "a b" / "report.html").is_file()


def test_a_result_says_what_the_command_says(et_testbed, folder):
    place = folder("own")
    *told, _, _ = ran(et_testbed, place).stdout.splitlines()
    result = run(place / "c.toml", signatures="off")
    lines = str(result).splitlines()
    assert " ".join(lines[:-2]).split() == " ".join(told).split()  # what is piped is not wrapped
    assert lines[-2:] == [
        "kept as long as this result, in a temporary folder",
        "next: run(..., strict=True)  # stops at the first violation, with its traceback",
    ]
    both = run(place / "c.toml", out=place / "kept", signatures="off", overrides=['market.structure=["pbs","et"]'])
    assert "40 violations under et" in str(both)
    assert f"kept in {place / 'kept'}" in str(both)


def test_a_module_of_a_package_is_told_by_its_file(et_testbed, folder, monkeypatch):
    place = folder("own")
    (place / "bots" / "package_of_mine").mkdir()
    text = OWN.replace("from helper import fail\n", "")
    (place / "bots" / "package_of_mine" / "buyer.py").write_text(text)
    monkeypatch.syspath_prepend(place / "bots")
    given = ("--set", "agents.2.strategy=package_of_mine.buyer:Own")
    assert "  package_of_mine/buyer.py:12 AttributeError: " in ran(et_testbed, place, *given).stdout


def test_where_nobody_proposed_no_price_and_no_luck_is_told(et_testbed, tmp_path):
    (tmp_path / "c.toml").write_text(
        'blocks = 30\n[market]\nprimary = "third_price"\n[[agents]]\nstrategy = "at_maturity"\nrole = "seller"\n'
        'count = 2\n[[agents]]\nstrategy = "truthful"\nrole = "buyer"\n'
    )
    told = et_testbed("run", "c.toml", "--signatures", "off", "--quiet", cwd=tmp_path).stdout
    told += et_testbed("run", "c.toml", "--signatures", "off", cwd=tmp_path).stdout
    assert told.startswith(
        "Under et nobody proposed, for no ticket that was drawn had been sold: all 30 slots were empty."
    )
    assert "lucky" not in told
    assert max(map(len, told.splitlines())) < 1_000  # what is piped is not filled up
