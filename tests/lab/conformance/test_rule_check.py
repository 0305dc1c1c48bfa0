"""`check_rule` passes what keeps the protocol's promises and finds what does not."""

from __future__ import annotations

import random
import re

import pytest

from chain.rules.claim import claim_rule, earliest_expiry
from chain.rules.epoch import epoch_rule
from chain.rules.lottery import lottery, lottery_rule
from chain.rules.maturity import maturity_rule
from chain.rules.randea import randea_rule
from experiments.lab.cli.check import check
from experiments.lab.config.errors import InputError
from experiments.lab.conformance.rule_check import RuleFault, check_rule
from experiments.lab.conformance.rule_check.random_history import RandomHistory
from experiments.lab.played.runs import run


@pytest.mark.parametrize("rule", [lottery, earliest_expiry])
def test_rules_of_the_testbed_are_sound(rule):
    report = check_rule(rule, histories=6, slots=30)
    assert (report.histories, report.blocks) == (6, 180)
    assert report.empty < 90
    assert str(report).startswith("sound over 6 random histories, 180 blocks")


@pytest.mark.parametrize("rule", [lottery_rule(), maturity_rule(), randea_rule(4), epoch_rule(4)])
def test_rules_that_say_what_they_are_are_played_as_they_need_it(rule):
    report = check_rule(rule, histories=6, slots=32)
    assert (report.histories, report.blocks) == (6, 192)
    assert report.empty < 192


def test_a_late_draw_is_not_for_rules_of_ones_own():
    with pytest.raises(RuleFault, match="states a late draw"):
        check_rule(claim_rule("empty"))


def test_histories_are_of_many_kinds():
    """Seeds draw supplies, look-aheads and maturities; tickets are given back, expire and are missed."""
    terms, ends = set(), set()
    for seed in range(12):
        history = RandomHistory(lottery, seed)
        history.play(40)
        rules, table = history._state.rules, history._state.titles._tickets
        terms.add((rules.lookahead, rules.maturity is None))
        ends |= {row[-2] for row in table._rows}
    assert {lookahead for lookahead, _ in terms} == {0, 1, 2}
    assert {forever for _, forever in terms} == {True, False}
    assert ends == {"proposed", "missed", "unsold", "expired", "returned"}


def by_chance(state, _):
    return random.choice(state.urn) if state.urn else None


def meddling(state, _):
    return state.urn.pop(0) if state.urn else None


def spending(state, block):
    state.ledger.endow(1, 5)
    return lottery(state, block)


def burned(*_):
    return 0


def raising(*_):
    return 1 // 0


class Counting:
    """Remembers how often it was asked: another answer at every second history."""

    asked = 0

    def __call__(self, state, _):
        self.asked += 1
        return state.urn[self.asked // 200 % len(state.urn)] if state.urn else None


def resting(last):
    """Asked again it says the same, and in a history that is played again."""

    def draw(state, block):
        last[block] = lottery(state, block)
        return last[block]

    return draw


def unguarded(state, block):
    return state.urn[block % len(state.urn)]


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        (by_chance, "when it was asked again; take chance from state.beacon alone"),
        (meddling, "the rule changed the state's urn"),
        (spending, "the rule changed the state's money"),
        (burned, "which is not in the urn"),
        (raising, "the rule raised ZeroDivisionError"),
        (lambda *_: "7", "drew '7', which is not in the urn"),
        (Counting(), "take chance from state.beacon alone, and remember nothing"),
        (resting({}), r"the rule keeps data in .* \(a default, .* no checkpoint holds that; a draw rule has no"),
        (
            unguarded,
            "the rule raised ZeroDivisionError.*; the urn was empty, as it may be where the supply is elastic",
        ),
    ],
)
def test_a_broken_promise_is_found(rule, says):
    with pytest.raises(RuleFault, match=says) as fault:
        check_rule(rule, histories=8)
    assert str(fault.value).startswith("history ")


def twice(second):
    """Of an owner at random a ticket at random, the second draw by `second(state, n, block)`."""

    def draw(state, block):
        by_owner = {}
        for serial in state.urn:
            by_owner.setdefault(state.titles.live[serial].owner, []).append(serial)
        if not by_owner:
            return None
        own = by_owner[sorted(by_owner)[state.beacon.below(len(by_owner), block)]]
        return own[second(state, len(own), block)]

    return draw


@pytest.mark.parametrize(
    ("second", "says"),
    [
        (
            lambda state, n, block: state.beacon.below(n, block),
            "more than once for one block: without a key",
        ),
        (
            lambda state, n, block: state.beacon.below(n, block + 1),
            "for the word of another block",
        ),
        (lambda state, n, _: state.beacon.below(n, 10**6), "all draws ask state.beacon.below for the same word"),
        (lambda state, n, block: state.beacon.below(n, block, key="second"), None),
        (lambda state, n, block: state.beacon.below(n, block // 8, key="of eight"), None),
    ],
)
def test_one_word_that_is_taken_for_two_is_warned_of(second, says):
    warnings = check_rule(twice(second), histories=2).warnings
    assert len(warnings) == (says is not None)
    assert all(says in warning for warning in warnings)


@pytest.fixture
def own_code(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(
        "import random\n"
        "def good(state, block):\n    return state.urn[0] if state.urn else None\n"
        "def bad(state, block):\n    return random.choice(state.urn)\n"
        "def pricing(lots):\n    return [None for lot in lots]\n"
        "def clear(lot):\n    return None\n"
        "def three(a, b, c):\n    return None\n"
        "def fails(state, block):\n    return state.urn[99]\n"
        "class Kind:\n    pass\n"
    )
    return tmp_path


def test_the_command(et_testbed, own_code):
    done = et_testbed("check", "mine.py:good", "--histories", "3", cwd=own_code)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("mine.py:good: sound over 3 random histories, 180 blocks")
    done = et_testbed("check", "mine.py:bad", cwd=own_code)
    assert (done.returncode, done.stdout) == (1, "")
    assert "take chance from state.beacon alone" in done.stderr
    done = et_testbed("check", "mine.py:fails", cwd=own_code)
    assert (done.returncode, done.stdout) == (1, "")
    assert "the rule raised mine.py:13 IndexError: list index out of range" in done.stderr


@pytest.mark.parametrize("rule", [3, "mine.py:draw", None])
def test_what_is_no_function_is_no_rule(rule):
    with pytest.raises(RuleFault, match="is no draw rule; give the function itself, def draw"):
        check_rule(rule)


STATES = """
from chain import DrawRule
def blocks(state, serial): return max(state.slot, 0), 10**6
def draw(state, block): return state.urn[0] if state.urn else None
rule = DrawRule("mine", blocks, draw, span=0)
undated = DrawRule("mine", None, draw)
"""


@pytest.mark.parametrize(("name", "fault"), [("rule", "span is 0"), ("undated", "blocks is None")])
def test_what_a_rule_says_of_itself_is_looked_at_before_it_is_asked(name, fault, own_code, et_testbed):
    (own_code / "states.py").write_text(STATES)
    done = et_testbed("check", f"states.py:{name}", cwd=own_code)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"states.py:{name}: {fault}; it must be a ")
    with pytest.raises(InputError, match=f"chain.draw: states.py:{name}: {fault}; it must be a "):
        run({"chain": {"draw": f"states.py:{name}"}, "blocks": 3})


@pytest.mark.usefixtures("own_code")
@pytest.mark.parametrize(
    ("key", "name"),
    [("chain.draw", "mine.py"), ("market.primary", "mine.py"), ("market.own_format", "mine.py")],
)
def test_a_file_without_a_name_in_it_is_told_so(key, name):
    section, _, word = key.partition(".")
    market = {"block_format": "own"} if word == "own_format" else {}
    config = {"market": market} | {section: {**(market if section == "market" else {}), word: name}}
    with pytest.raises(InputError, match=f"{key}: '{name}' is a file; name what is in it too, as {name}:NAME"):
        run({**config, "blocks": 3})


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("mine:good", "there is a file mine.py: name it with its ending"),
        ("stated.py:rule", "got an unexpected keyword argument 'draw'; write DrawRule(name, blocks, early, "),
    ],
)
def test_how_it_is_named_and_made_is_told(name, says, own_code):
    (own_code / "stated.py").write_text('from chain import DrawRule\nrule = DrawRule("mine", draw=3)\n')
    with pytest.raises(InputError, match=re.escape(says)):
        check(name)


@pytest.mark.usefixtures("own_code")
@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("mine.py:three", "mine.py:three(a, b, c) is nothing that can be checked: write "),
        (
            "mine.py:Kind",
            "mine.py:Kind is a class of nothing that can be checked: derive it from strategies.Seller",
        ),
        ("mine.py:god", "did you mean 'good'?"),
        ("yours.py:draw", "there is no file yours.py"),
    ],
)
def test_what_is_no_rule_and_no_strategy_is_said_so(name, says):
    with pytest.raises(InputError, match=re.escape(says)):
        check(name)


@pytest.mark.usefixtures("own_code")
@pytest.mark.parametrize(("name", "remedy"), [("good", "a draw rule has no"), ("clear", "a sale format has no")])
def test_parameters_that_nobody_takes_are_refused(name, remedy):
    with pytest.raises(InputError, match=f"--set gap=4: {remedy} parameters: write a function for each value"):
        check(f"mine.py:{name}", set_=["gap=4"])
