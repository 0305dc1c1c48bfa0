"""What docs/strategies.md shows runs as it stands."""

from __future__ import annotations

import re

import pytest

from market.intents import INTENTS, Return, SellBuilding
from market.view import AuctionView, Market, OrderView, Quote, TicketView, View
from strategies import Strategy
from strategies.finding import SHELVES, own_strategies
from strategies.setup import Setup
from strategies.testing import check_strategy
from strategies.testing.played import play
from tests.places import DOCS

PAGE = (DOCS / "strategies.md").read_text()

BY_RULE = {Return, SellBuilding}
"""Intents that only some rules of the market take."""


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def code_with(text: str) -> str:
    return next(block for block in blocks("python") if text in block)


INNER = {"costs_from", "costs_of", "informed", "own_facts"}
"""Names that others stand for: `cost(block)`, `outlook`, `facts`."""


@pytest.mark.parametrize("seen", [View, Market, AuctionView, TicketView, OrderView, Quote, Setup])
def test_all_that_a_strategy_sees_is_on_the_page(seen):
    names = {*seen._fields, *(name for name in vars(seen) if not name.startswith("_"))} - INNER
    assert [name for name in sorted(names) if not re.search(rf"\b{name}\b", PAGE)] == []


@pytest.fixture
def desk(tmp_path):
    """A folder with the files of the five minutes."""
    (tmp_path / "first.py").write_text(code_with("class Bargain"))
    (tmp_path / "duel.toml").write_text(next(block for block in blocks("toml") if "at_maturity" in block))
    return tmp_path


def test_each_intent_is_shown_and_every_example_keeps_the_contract():
    names: dict = {}
    exec(code_with("class Lister"), names)
    kinds = [kind for kind in names.values() if isinstance(kind, type) and issubclass(kind, Strategy)]
    mine = [kind for kind in kinds if kind.__module__ == "builtins"]
    assert len(mine) == 4
    seen = set()
    for kind in mine:
        report = check_strategy(kind, views=500)
        assert {check.name for check in report.checks if not check.passed} <= {"pickle"}, str(report)
        seen |= {type(intent) for answer in play(kind, 1000).answers for intent in answer}
    assert seen >= set(INTENTS) - BY_RULE
    assert all(f"`{kind.__name__}(" in PAGE for kind in BY_RULE)


def test_the_tournament_in_python(desk, monkeypatch, capsys):
    monkeypatch.chdir(desk)
    exec(code_with('tournament("duel.toml"'), {})
    assert capsys.readouterr().out.startswith("shade:0.8 ")


def test_the_strategies_that_are_named_are_there():
    own = {name for role in SHELVES for name in own_strategies(role)}
    table = PAGE[PAGE.index("## The library") : PAGE.index("### Rounds and their hubs")]
    named = set(re.findall(r"`([a-z_0-9]+)`", table))
    assert len(named) >= 35
    assert named <= own
