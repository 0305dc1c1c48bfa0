"""What a shell is offered is what there is."""

from __future__ import annotations

from experiments.lab.terminal.completion import experiments, last_of, strategies
from strategies.finding import own_strategies
from tests.places import ROOT


def test_the_strategies_that_are_offered_are_those_that_play():
    playing = {name for role in ("seller", "buyer", "builder") for name in own_strategies(role)}
    assert playing <= set(strategies(""))
    assert "truthful,shade" in set(strategies("truthful,sha"))
    assert all(name.startswith("at_") for name in strategies("at_"))


def test_the_experiments_that_are_offered_are_those_that_can_be_run():
    files = (ROOT / "experiments").glob("*.py")
    assert experiments("") == sorted(file.stem for file in files if file.stem != "__init__")
    assert experiments("equiv") == ["equivalence"]


def test_a_list_goes_on_after_its_last_comma():
    assert list(last_of("a,b", ["bee", "be", "c"])) == ["a,bee", "a,be"]
