"""Models with exercise = "round": what is solved, what is played beside it, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from experiments.lab.config.errors import InputError
from experiments.lab.models.game.simulation import simulate
from experiments.lab.models.model.model_file import read_model, read_ticket_model
from experiments.lab.models.model.round_solution import RoundSolution
from experiments.lab.models.model.solving import solve

UNIFORM = {"distribution": "uniform", "low": 0, "high": 1}
COST = {"distribution": "uniform", "low": 0.1, "high": 0.6}
EMPIRICAL = {"distribution": "empirical", "values": [0.1, 0.3]}
AR1 = {"process": "ar1", "mean": 0.8, "phi": 0.8, "sigma": 0.4}
GOOD: dict[str, Any] = {"exercise": "round", "regime": "hub", "blocks": 10, "buyers": 2, "value": UNIFORM}
SIGNALS = {"regime": "common_value", "value": None, "signal_sigma": 0.489, "value_sd": 0.905}


def read(**change: Any) -> Any:
    return read_model({"model": {key: value for key, value in {**GOOD, **change}.items() if value is not None}})


def solved(**change: Any) -> RoundSolution:
    found = solve(read(**change))
    assert isinstance(found, RoundSolution)
    return found


def test_the_keys_of_a_solution() -> None:
    found = json.loads(solved(reserve=0.1).to_json())
    assert found["price_range"] == pytest.approx([0.1, 10 / 3])
    figures = ("price", "efficiency", "buyer_surplus", "hub_surplus", "entrants", "void_share")
    assert [found[key] for key in figures] == pytest.approx([10 / 3, 1, 10 / 6, 0, 2, 0])
    assert str(solved(reserve=0.1)).startswith("ETH a round\n")
    ratios = json.loads(solved(**SIGNALS).to_json())["paid_over_top"]
    assert ratios == pytest.approx({"median": 0.665627, "mean": 0.655287, "ratio_of_sums": 0.616630}, abs=1e-6)


@pytest.mark.parametrize(
    ("change", "price", "efficiency"),
    [
        ({"regime": "just_in_time"}, 3.333333, 1),
        ({"regime": "ahead"}, 5, 0.75),
        ({"regime": "ahead_informed"}, 4.483667, 0.827450),
        ({"regime": "resale"}, 3.333333, 1),
        ({"regime": "resale", "resale_reserve": "best"}, 5.416667, 0.9375),
        ({"hubs": 0}, 3.333333, 1),
        ({"hubs": 2, "primary_entry_cost": 0.1}, 3.333333, 1),
        ({"primary_entry_cost": 1e-6, "reserve": 0.1}, 0.1, 1),
        ({"reserve": 4.0, "primary_entry_cost": 0.1}, 0, 1),
        ({"reserve": 4.0, "primary_entry_cost": 0.1, "hubs": 2, "unsold": "empty", "buyers": 1}, 4.0, 1),
        (SIGNALS, 0.798387, 1),
    ],
    ids=str,
)
def test_each_regime(change: dict[str, Any], price: float, efficiency: float) -> None:
    found = solved(**change)
    assert (found.price, found.efficiency) == pytest.approx((price, efficiency), abs=1e-6)


@pytest.mark.parametrize(
    ("distribution", "keys"),
    [
        ("exponential", {"mean": 0.4}),
        ("lognormal", {"mean": 0.4, "sigma": 0.905}),
        ("beta", {"low": 0.2, "high": 1.2, "a": 2, "b": 8}),
        ("gamma", {"shape": 0.7, "mean": 0.4}),
        ("weibull", {"shape": 1.5, "mean": 0.4}),
    ],
)
def test_every_law_has_its_mean(distribution: str, keys: dict[str, float]) -> None:
    value = {"distribution": distribution, **keys}
    assert solved(regime="ahead", value=value).price == pytest.approx(4, rel=1e-6)


def test_one_block_of_a_common_value_is_the_lognormal_with_that_spread() -> None:
    """P10, and ten blocks of it: MODEL section 9, signals on a round (i)."""
    value = {"distribution": "lognormal", "mean": 0.5, "sigma": 0.905}
    one = solved(**{**SIGNALS, "value_sd": None, "value": value, "blocks": 1})
    assert one.price == pytest.approx(0.5 * 0.798387, rel=2e-5)
    ten = solved(**{**SIGNALS, "value_sd": None, "value": value})
    assert ten.price == pytest.approx(5 * 0.88001, rel=2e-5)
    assert ten.paid_over_top is not None
    assert ten.paid_over_top["median"] == pytest.approx(0.7978, abs=1e-4)


PLAYED = [
    {"regime": "just_in_time", "value": {"distribution": "gamma", "shape": 2, "mean": 1}},
    {"regime": "ahead", "primary_entry_cost": 0.2, "reserve": 0.5},
    {"regime": "ahead_informed", "primary_entry_cost": 0.3, "reserve": 4.0},
    {"regime": "ahead_informed", "value": None, "cost": EMPIRICAL, "reward": AR1, "reserve": 2.0, "blocks": 4},
    {"regime": "resale", "resale_reserve": "best", "buyers": 3, "value": None, "cost": COST, "reward": AR1},
    {"hubs": 2, "primary_entry_cost": 0.2, "hub_entry_cost": 0.3, "reserve": 0.1, "unsold": "empty"},
    {"resale_reserve": "best", "primary_entry_cost": 0.4, "reserve": 0.1},
    {**SIGNALS, "buyers": 4, "format": "first_price"},
    {**SIGNALS, "value_sd": None, "value": {"distribution": "lognormal", "mean": 0.5, "sigma": 0.9}},
]


@pytest.mark.parametrize("change", PLAYED, ids=str)
def test_what_is_played_is_what_is_solved(change: dict[str, Any]) -> None:
    played = simulate(read(**change), 4_000, seed=11)
    for key, _, value, theory in played.named():
        error = (played.se[key] ** 2 + (played.theory.standard_error or 0) ** 2) ** 0.5
        assert abs(value - theory) <= 4 * error + 1e-9, key


def test_same_seed_same_rounds() -> None:
    model = read(primary_entry_cost=0.2, hub_entry_cost=0.2, reserve=0.1)
    assert simulate(model, 50, seed=3).to_json() == simulate(model, 50, seed=3).to_json()
    assert simulate(model, 50, seed=3).price != simulate(model, 50, seed=4).price


REFUSED: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({"regime": None}, ("model.regime: missing; name one of just_in_time, ahead, ",)),
    ({"regime": "hubb"}, ("model.regime", "'just_in_time'", "'hubb'")),
    ({"maturity": 5}, ("model.maturity", "no such key")),
    ({"buyers": 0}, ("model.buyers", "greater than or equal to 1")),
    ({"regime": "resale", "hubs": 1}, ("hubs has no meaning", "leave it out", '"hub"')),
    ({"regime": "just_in_time", "reserve": 1.0}, ("reserve has no meaning", '"just_in_time"', '"ahead"')),
    ({"regime": "just_in_time", "primary_entry_cost": 1.0}, ("primary_entry_cost has no meaning",)),
    ({"regime": "resale", "hub_entry_cost": 0.1}, ("hub_entry_cost has no meaning",)),
    ({"regime": "ahead", "resale_reserve": "best"}, ("resale_reserve has no meaning", '"resale" or')),
    ({"regime": "ahead", "unsold": "endowed"}, ("unsold has no meaning",)),
    ({"signal_sigma": 0.3}, ("signal_sigma has no meaning", '"common_value"')),
    ({**SIGNALS, "buyers": 1}, ("buyers is 1", "at least 2")),
    ({**SIGNALS, "signal_sigma": None}, ("signal_sigma is missing",)),
    ({**SIGNALS, "value_sd": None}, ("value_sd", "[model.value]")),
    ({**SIGNALS, "value": UNIFORM}, ("needs one of value_sd",)),
    ({**SIGNALS, "cost": COST, "reward": AR1}, ("no cost and no reward",)),
    ({**SIGNALS, "value_sd": None, "value": {**UNIFORM, "low": 1}}, ("known has no signals", "spread")),
    ({**SIGNALS, "buyers": 5_000}, ("buyers is 5000", "at most 1000")),
    ({**SIGNALS, "value_sd": None, "value": UNIFORM, "signal_sigma": 1e-6}, ("signal_sigma", "value_sd")),
    ({"format": "first_price"}, ("first_price", "second_price")),
    ({"value": None}, ("value is missing", "[model.cost]")),
    ({"value": None, "cost": COST}, ("reward is missing",)),
    ({"cost": COST, "reward": AR1}, ("value stands in place of",)),
    ({"value": None, "cost": COST, "reward": {"process": "mevboost"}}, ("mevboost", "lognormal")),
    ({"value": {"distribution": "normal"}}, ("model.value.distribution", "'normal'", "weibull")),
    ({"value": {"distribution": "gamma", "shape": 2, "men": 1}}, ("model.value.men", "did you mean 'mean'")),
    ({"value": {"distribution": "uniform", "low": 2, "high": 1}}, ("model.value", "low is 2.0")),
    ({"value": None, "cost": EMPIRICAL, "reward": AR1, "resale_reserve": "best"}, ("empirical", '"own"')),
    ({"value": {**UNIFORM, "low": 1}, "resale_reserve": "best"}, ("value has an atom at 1.0", '"own"')),
    (
        {"regime": "ahead_informed", "value": None, "cost": COST, "reward": AR1, "primary_entry_cost": 0.1},
        ("share rewards", "[model.value]"),
    ),
    ({"value": None, "cost": COST, "reward": AR1, "blocks": 5_000}, ("blocks is 5000", "at most 1000")),
    (
        {"regime": "ahead_informed", "value": None, "cost": COST, "reward": AR1, "blocks": 201},
        ("blocks is 201", "at most 200", "[model.value]"),
    ),
    ({"value": None, "cost": COST, "reward": {**AR1, "mean": 0}}, ("model.reward", "mean is 0")),
]


@pytest.mark.parametrize(("change", "hints"), REFUSED, ids=[str(change)[:60] for change, _ in REFUSED])
def test_bad_input_names_the_key_and_the_remedy(change: dict[str, Any], hints: tuple[str, ...]) -> None:
    with pytest.raises(InputError) as refused:
        solve(read(**change))
    message = str(refused.value)
    assert "\n" not in message
    assert all(hint in message for hint in hints), message


def test_what_is_not_played() -> None:
    with pytest.raises(InputError, match="--sale-blocks: a round is sold before its first block"):
        simulate(read(), 100, [0])
    with pytest.raises(InputError, match="--tickets is 1;"):
        simulate(read(), 1)
    with pytest.raises(InputError, match=r"--tickets is 10000000; of rounds .* 500000 are played"):
        simulate(read(blocks=1_000), 10_000_000)
    with pytest.raises(InputError, match="no block of a sale to choose"):
        read_ticket_model({"model": GOOD})


def test_the_commands(et_testbed: Any, tmp_path: Path) -> None:
    (tmp_path / "round.toml").write_text(
        '[model]\nexercise = "round"\nregime = "resale"\nbuyers = 2\n'
        '[model.value]\ndistribution = "uniform"\nlow = 0\nhigh = 1\n'
    )
    found = et_testbed("solve", str(tmp_path / "round.toml"))
    assert "price, what the protocol receives     0.333333" in found.stdout
    played = et_testbed("simulate", str(tmp_path / "round.toml"), "--tickets", "50", "--json")
    assert json.loads(played.stdout)["theory"]["price"] == pytest.approx(1 / 3)
