"""A method of one's own that no seat of the class is asked for is told as a run begins, and by `check`."""

from __future__ import annotations

import warnings

import pytest

from experiments.lab.assembly.every_fault import read_whole
from experiments.lab.assembly.seats import make_seats
from experiments.lab.assembly.unasked_methods import unasked_methods
from experiments.lab.config.config import Config
from experiments.lab.conformance.config_check import check_config
from experiments.lab.ethereum.provider import TestbedProvider
from experiments.lab.sweep import sweep
from experiments.lab.tournament import tournament
from experiments.lab.tournament.exploit import exploit
from tests.places import ROOT

BOTH = """
from strategies import Buyer, Seller
from strategies.buyers.speculator import Speculator


class Both(Buyer):
    roles = frozenset({"seller", "buyer"})

    def bid(self, view):
        return []

    def offer(self, view):
        return []


class Heir(Both):
    pass


class Half(Buyer):
    bid = offer = Both.bid


class Bidder(Buyer):
    bid = primary = Both.bid


class Raises(Seller):
    roles = frozenset({"seller", "buyer", "builder"})
    claim = build = Both.bid


class Likewise(Speculator):
    def bid(self, view):
        return super().bid(view)
"""
SELLER, BUILDER = (
    {"strategy": "at_once", "role": "seller"},
    {"strategy": "truthful", "role": ["buyer", "builder"]},
)
ROLE = 'role = ["seller", "buyer"] in its [[agents]]'
ROLES = "roles = frozenset({'buyer', 'seller'})"


def group(name, role=None, **more):
    return {"strategy": f"own.py:{name}", "role": role, **more}


def told(folder, *groups, **more):
    (folder / "own.py").write_text(BOTH)
    config = Config.model_validate({"agents": [*groups, SELLER, BUILDER], **more})
    return [line.partition(": ")[::2] for line in unasked_methods(make_seats(config, folder))]


@pytest.mark.parametrize(
    ("played", "name", "way"),
    [
        (group("Both", "buyer"), "Both", f"write {ROLE}"),
        (group("Heir", "buyer", count=3), "Heir", f"write {ROLE}"),
        (group("Half"), "Half", f"write {ROLES} in it"),
        (group("Half", "buyer"), "Half", f"write {ROLES} in it and write {ROLE}"),
        ({"strategy": {"buyer": "own.py:Both"}}, "Both", "name it for the seller in its [[agents]], too"),
    ],
)
def test_what_nobody_asks_is_told_with_the_way(tmp_path, played, name, way):
    says = f"nobody asks its offer: that is for the seller, and it plays buyer alone; {way}"
    assert told(tmp_path, played) == [(name, says)]


def test_builders_are_asked_for_another_method(tmp_path):
    ((name, says),) = told(tmp_path, group("Raises", "buyer"))
    assert name == "Raises"
    assert says.startswith(
        "nobody asks its build: that is for the builder, and it plays buyer alone; write role = ["
    )


def test_a_buyers_primary_is_asked_where_nobody_sells(tmp_path):
    ((name, says),) = told(tmp_path, group("Bidder"))
    assert (name, says[:24]) == ("Bidder", "nobody asks its primary:")
    config = Config.model_validate({"agents": [group("Bidder"), BUILDER]})
    assert unasked_methods(make_seats(config, tmp_path)) == ()


@pytest.mark.parametrize(
    "played",
    [
        [group("Both")],
        [group("Both", "buyer"), group("Both", "seller")],
        [{"strategy": {"seller": "at_once", "buyer": "own.py:Both"}}],  # somebody chose who sells
        [{"strategy": "speculator", "role": "buyer"}],
        [group("Likewise", "buyer")],
    ],
)
def test_nothing_is_said_where_it_is_asked_or_is_the_testbeds(tmp_path, played):
    assert told(tmp_path, *played) == []


@pytest.mark.slow
def test_of_an_isolated_class_the_same_is_said(tmp_path):
    isolation = {"mode": "process", "strategies": ["own.py:Both", "own.py:Likewise"]}
    names = [
        name for name, _ in told(tmp_path, group("Both", "buyer"), group("Likewise", "buyer"), isolation=isolation)
    ]
    assert names == ["Both"]


@pytest.mark.parametrize(
    "place", [*ROOT.glob("experiments/configs/*.toml"), *ROOT.glob("experiments/starter/*/config.toml")]
)
def test_of_what_ships_nothing_is_said(place):
    assert unasked_methods(make_seats(read_whole(place, []), place.parent)) == ()


def test_check_says_it(tmp_path, monkeypatch):
    (tmp_path / "own.py").write_text(BOTH)
    monkeypatch.chdir(tmp_path)
    config = {"agents": [group("Both", "buyer"), SELLER, BUILDER], "market": {"structure": ["pbs", "et"]}}
    assert sum("nobody asks its offer" in line for line in check_config(config).warnings) == 1


SHORT = {"blocks": 2, "chain": {"supply": 4, "maturity": 3}}


def warned(play):
    """What is said of methods that nobody asks."""
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        play()
    return [str(one.message) for one in found if "nobody asks" in str(one.message)]


@pytest.fixture
def own(tmp_path):
    (tmp_path / "own.py").write_text(BOTH)
    return tmp_path


def test_a_sweep_says_it_once_and_of_what_no_point_asks_alone(own):
    config = {"agents": [group("Both", "buyer"), SELLER], **SHORT}
    (line,) = warned(lambda: sweep(config, {"blocks": [1, 2]}, [1, 2], folder=own))
    assert line.startswith("Both: nobody asks its offer: that is for the seller, and it plays buyer alone; write ")
    assert warned(lambda: sweep(config, {"agents.0.role": ["buyer", "seller"]}, folder=own)) == []
    (line,) = warned(
        lambda: sweep(config, {"agents.0.strategy": ["own.py:Both", "truthful", "own.py:Half"]}, folder=own)
    )[1:]
    assert line.startswith("Half: nobody asks its offer")


def test_a_tournament_says_it_of_who_enters_and_exploit_once_for_all_it_plays(own):
    market = {"agents": [SELLER, {"strategy": "truthful", "role": "buyer", "count": 2}], **SHORT}
    both = f"{own / 'own.py'}:Both"
    assert len(warned(lambda: tournament(market, f"truthful,{both}", [1]))) == 1
    assert len(warned(lambda: exploit(both, market, training=[1], held_out=[2], families=("sniper",)))) == 1


def test_what_is_served_says_it(own, monkeypatch):
    monkeypatch.chdir(own)
    assert (
        len(warned(lambda: TestbedProvider({"agents": [group("Both", "buyer"), SELLER], **SHORT}, accounts=1)))
        == 1
    )
