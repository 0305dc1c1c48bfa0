"""The audit of draws: a flipped one is found out, a rule that is not known refused, one of one's own believed."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest

from chain.rules import DRAW_RULES, draw_rule
from chain.rules.lottery import lottery_rule
from chain.state import Draw, DrawFacts, DrawRule, State
from experiments import run
from experiments.lab.config.errors import InputError
from experiments.lab.verify import audit_run
from experiments.lab.verify.draw_rules import RULES
from strategies.testing.setups import plain_setup
from tests.places import ROOT

AGENTS = [
    {"strategy": "at_once", "role": "seller", "count": 2},
    {"strategy": "truthful", "role": ["buyer", "builder"], "count": 3},
]
FLIPPED = 19
OWN = f"{ROOT}/tests/lab/config/own_draws.py"
TERMS = {
    "maturity": {"maturity": 8},
    "lottery": {"supply": 9, "maturity": 6},
    "epoch": {"supply": 16, "epoch": 4, "maturity": "none"},
    "claim": {"supply": 9, "maturity": 8},
    "randea": {"maturity": 8, "window": 4},
}


def flipped(draw: Draw) -> Draw:
    """The draw, but for one block: that gets another ticket of the urn."""

    def drawn(state: State, block: int) -> int | None:
        serial = draw(state, block)
        if block != FLIPPED or serial is None:
            return serial
        return next(other for other in state.urn if other != serial)

    return drawn


def flipped_rule(rule: DrawRule) -> DrawRule:
    """The rule with one draw flipped, whenever it is made."""
    return rule._replace(early=flipped(rule.early), late=None if rule.late is None else flipped(rule.late))


def play(name: str, tmp_path) -> object:
    """A run of 30 blocks under a rule, and its audit."""
    config = {"agents": AGENTS, "chain": {"draw": name, **TERMS.get(name, {"supply": 9})}}
    return run(config, blocks=30, out=tmp_path / "run", signatures="off").path


def made_otherwise(monkeypatch, name: str, change: Callable[[DrawRule], DrawRule]) -> None:
    make = DRAW_RULES[name]
    monkeypatch.setitem(DRAW_RULES, name, lambda wishes: change(make(wishes)))


@pytest.mark.parametrize("name", DRAW_RULES)
def test_a_flipped_draw_of_any_rule_is_found_out(name, tmp_path, monkeypatch):
    made_otherwise(monkeypatch, name, flipped_rule)
    path = play(name, tmp_path)
    monkeypatch.undo()
    report = audit_run(path)
    assert (report.fault.table, report.fault.column, report.fault.expected) == ("tickets", "drawn_for", FLIPPED)
    assert f"the draw of block {FLIPPED}" in str(report.fault)


@pytest.mark.parametrize("name", DRAW_RULES)
def test_draws_as_they_should_be_are_sound_and_counted(name, tmp_path):
    report = audit_run(play(name, tmp_path))
    assert report.is_sound, report
    assert report.parts[0].counts["draws made again"] >= 30


@pytest.mark.parametrize("name", ["randea", "lottery"])
def test_what_a_rule_of_ours_is_said_to_state_is_held_against_it(name, tmp_path):
    path = play(name, tmp_path)
    about = json.loads((path / "manifest.json").read_text())
    (path / "manifest.json").write_text(json.dumps(about | {"stated_draw": {"span": 3}}))
    assert audit_run(path).fault.column == "stated_draw.span"


def test_a_rule_that_the_auditor_does_not_know_is_refused_by_name(tmp_path, monkeypatch):
    """Not believed: it would be called sound whatever it drew."""
    monkeypatch.setitem(DRAW_RULES, "second_lottery", lambda _: lottery_rule()._replace(name="second_lottery"))
    path = play("second_lottery", tmp_path)
    with pytest.raises(InputError, match=r"no account of its own of 'second_lottery'.*draw_rules\.py"):
        audit_run(path)


def test_the_auditor_has_an_account_of_every_rule_there_is():
    assert RULES.keys() == DRAW_RULES.keys() == TERMS.keys()


def test_the_draws_of_a_rule_of_ones_own_are_believed_and_not_counted_as_made_again(tmp_path):
    file = tmp_path / "mine.py"
    file.write_text("def draw(state, block):\n    return state.urn[0] if state.urn else None\n")
    report = audit_run(play(f"{file}:draw", tmp_path))
    assert report.is_sound, report
    (notice,) = [notice for notice in report.parts[0].notices if "unsigned" not in notice]
    assert notice == "the draw rule is the user's own: its draws are believed, each of a ticket that is in the urn"
    assert report.parts[0].counts["draws made again"] == 0


@pytest.mark.parametrize(("name", "terms"), [("epochs", {"maturity": 8}), ("dealt", {"maturity": 8, "supply": 9})])
def test_what_a_rule_of_ones_own_states_is_believed_with_its_draws(name, terms, tmp_path):
    """Blocks that are drawn at once, and dates of tickets that are another formula's."""
    chain = {"draw": f"{OWN}:{name}", "supply": 12, **terms}
    path = run({"agents": AGENTS, "chain": chain}, blocks=30, out=tmp_path / "run", signatures="off").path
    report = audit_run(path)
    assert report.is_sound, report
    assert report.parts[0].counts["draws made again"] == 0


def test_a_strategy_finds_the_facts_of_whatever_rule_it_is_told():
    """Also in a setup made by hand: what it is told of the rule; told nothing, what its name says."""
    setup = plain_setup(np.random.default_rng(1))._replace(window=4)
    for name in DRAW_RULES:
        assert setup._replace(draw=name, epoch=8).facts == draw_rule(name, window=4, epoch=8).facts
    assert setup._replace(draw="mine.py:rule").facts == DrawFacts()
    assert setup._replace(draw="mine.py:rule", own_facts=DrawFacts(span=6)).facts == DrawFacts(span=6)


def test_a_rule_says_itself_what_it_is():
    facts = {name: draw_rule(name, window=4, epoch=8).facts for name in DRAW_RULES}
    assert {name for name, of in facts.items() if of.is_dated} == {"maturity", "randea"}
    assert {name for name, of in facts.items() if of.has_claims} == {"claim"}
    assert {name: of.window for name, of in facts.items() if of.is_dated} == {"maturity": 1, "randea": 4}
    assert {name: of.span for name, of in facts.items() if of.span > 1} == {"epoch": 8}
    assert {name for name in DRAW_RULES if draw_rule(name).needs_maturity} == {"maturity", "claim", "randea"}
