"""Finding strategies by name, file, module and entry point."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

import strategies.finding as loading
from strategies.base import Strategy
from strategies.buyers.flow_buyer import FlowBuyer
from strategies.buyers.truthful import Truthful
from strategies.finding import find_strategy, own_strategies


def test_a_name_means_the_strategy_of_the_role():
    assert find_strategy("truthful", "buyer", Path()) is Truthful
    assert find_strategy("truthful", "builder", Path()).roles == {"builder"}


def test_a_module_path_means_the_class_in_it():
    assert find_strategy("strategies.buyers.truthful:Truthful", None, Path()) is Truthful


def test_a_module_that_has_moved_is_found_under_its_old_name_too():
    with pytest.warns(FutureWarning, match=r"'experiments.lab.flow_buyer' is 'strategies.buyers.flow_buyer' now"):
        found = find_strategy("experiments.lab.flow_buyer:FlowBuyer", "seller", Path())
    assert found is FlowBuyer


def test_an_entry_point_is_found_by_its_name(monkeypatch):
    point = EntryPoint("plugged", "strategies.buyers.truthful:Truthful", loading.GROUP)
    monkeypatch.setattr(loading, "entry_points", lambda group: [point] if group == loading.GROUP else [])
    assert find_strategy("plugged", "buyer", Path()) is Truthful


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("truthfull", "did you mean 'truthful'"),
        ("nowhere.py:Buyer", "no file nowhere.py"),
        ("no.such.module:Buyer", "cannot be imported"),
        ("strategies.buyers.truthful:Truthfull", "did you mean 'Truthful'"),
        ("strategies.buyers.truthful:View", "is not a strategy"),
        ("at_once", "it is a seller"),
    ],
)
def test_a_wrong_name_is_answered_with_a_hint(name, message):
    with pytest.raises(ValueError, match=message):
        find_strategy(name, "buyer", Path())


def test_a_file_that_breaks_is_named(tmp_path):
    (tmp_path / "broken.py").write_text("1 / 0")
    with pytest.raises(ValueError, match=r"broken\.py cannot be loaded: broken\.py:1 ZeroDivisionError"):
        find_strategy("broken.py:Buyer", None, tmp_path)


@pytest.mark.parametrize("role", ["seller", "buyer", "builder"])
def test_every_own_strategy_can_be_made_from_its_defaults(role):
    found = own_strategies(role)
    assert found
    for kind in found.values():
        assert isinstance(kind(), Strategy)
        assert role in kind.roles
        assert kind.__doc__
