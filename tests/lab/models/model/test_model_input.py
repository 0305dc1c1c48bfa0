"""Bad model files: exit 2 and a line that names the key and the reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from experiments.lab.config.errors import InputError
from experiments.lab.models.model.model_file import read_model
from experiments.lab.models.model.solving import solve

GOOD: dict[str, Any] = {
    "maturity": 8,
    "discount_rate": 0.01,
    "buyers": 3,
    "cost": {"distribution": "uniform", "low": 0.1, "high": 0.5},
    "reward": {"process": "constant", "value": 1.0},
}
AR1 = {"process": "ar1", "mean": 1.0, "phi": 0.5, "sigma": 0.1}
EMPIRICAL = {"distribution": "empirical", "values": [0.1, 0.3]}

CASES: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({"cost": {"distribution": "uniform", "low": 0.6, "high": 0.5}}, ("model.cost", "low is 0.6")),
    ({"cost": {"distribution": "uniform", "low": 0.6}}, ("model.cost.high", "missing")),
    ({"cost": {"distribution": "normal"}}, ("model.cost.distribution", "'normal'", "truncnorm")),
    (
        {"cost": {"distribution": "beta", "a": 0.0, "b": 1.0, "low": 0, "high": 1}},
        ("model.cost.a", "greater than 0"),
    ),
    ({"cost": {"distribution": "empirical", "values": []}}, ("model.cost.values",)),
    ({"cost": {"distribution": "uniform", "low": 0, "high": 1, "hihg": 2}}, ("hihg", "did you mean 'high'")),
    ({"buyers": 0}, ("model.buyers", "not 0")),
    ({"buyers": 10**10}, ("model.buyers", "less than or equal to 1000000000")),
    ({"arrival_rate": 1e300, "buyers": None}, ("model.arrival_rate", "less than or equal to 1000000000")),
    ({"supply": 10**30}, ("model.supply", "less than or equal to 1000000000")),
    ({"maturity": 10_001}, ("maturity + lookahead is 10001", "at most 10000 blocks")),
    ({"maturity": 1_001, "exercise": "window"}, ("maturity + lookahead is 1001", "at most 1000 blocks")),
    ({"maturity": 1_001, "cost": EMPIRICAL}, ("maturity + lookahead is 1001", "at most 1000 blocks")),
    (
        {"maturity": "none", "exercise": "lottery", "supply": 10**9, "lookahead": 10**8},
        ("maturity + lookahead is 100000000", "at most 2000 blocks"),
    ),
    ({"buyers": None}, ("buyers is missing",)),
    ({"arrival_rate": 0.5}, ("arrival_rate", "instead of buyers")),
    ({"entry_cost": -0.1}, ("model.entry_cost", "not -0.1")),
    ({"entry_cost": float("nan")}, ("model.entry_cost",)),
    ({"buyer_discount_rate": 1e10}, ("model.buyer_discount_rate", "less than or equal to 1000")),
    ({"discount_rate": -1.0}, ("model.discount_rate", "greater than -1")),
    ({"discount_rate": None, "seller_discount_rate": 0.1}, ("discount_rate is missing", "buyer_discount_rate")),
    ({"maturity": -1}, ("model.maturity", "not -1")),
    ({"maturity": 2.5}, ("model.maturity", "not 2.5")),
    ({"maturity": "none"}, ("maturity", "needs a number of blocks")),
    ({"maturty": 3}, ("model.maturty", "did you mean 'maturity'")),
    ({"buyer": 3}, ("model.buyer", "did you mean 'buyers'")),
    ({"reward": {"process": "constant", "valu": 1.0}}, ("model.reward.valu", "did you mean 'value'")),
    ({"reward": {"process": "exponential", "maen": 1.0}}, ("model.reward.maen", "did you mean 'mean'")),
    ({"reward": {"process": "exponental"}}, ("'exponental' is not one of", "did you mean 'exponential'")),
    ({"cost": {"distribution": "unifrom"}}, ("'unifrom' is not one of", "did you mean 'uniform'")),
    ({"reserve": "best"}, ("model.reserve", "'optimal'", "'best'")),
    ({"reserve": -1.0}, ("model.reserve",)),
    ({"format": "fourth_price"}, ("model.format", "'fourth_price'")),
    ({"format": "third_price", "buyers": 2}, ("format", "three buyers or more", "buyers = 2")),
    ({"format": "third_price", "buyers": None, "arrival_rate": 1.0}, ("format", "arrival_rate")),
    ({"format": "all_pay", "cost": EMPIRICAL}, ("format", "no pure equilibrium", "empirical")),
    ({"format": "third_price", "reserve": "optimal"}, ("format", '"optimal"')),
    ({"format": "all_pay", "reserve": 0.1}, ("format", "losers pay too")),
    ({"format": "all_pay", "entry_cost": 0.1}, ("format", "entry_cost = 0")),
    ({"reward": {**AR1, "phi": 1.0}}, ("model.reward.phi", "less than 1")),
    ({"reward": {**AR1, "phi": -1.0}}, ("model.reward.phi", "greater than -1")),
    ({"reward": {**AR1, "mean": 0.0}}, ("model.reward", "mean is 0.0")),
    ({"reward": {**AR1, "mean": -1.0}}, ("model.reward.mean", "not -1.0")),
    ({"reward": {**AR1, "start": 0.0}}, ("model.reward", "start is 0.0")),
    ({"reward": {"process": "lognormal", "mean": 0.0, "sigma": 1.0}}, ("model.reward", "mean is 0.0")),
    ({"reward": {"process": "uniform", "low": 2.0, "high": 1.0}}, ("model.reward", "high is 1.0")),
    ({"reward": {"process": "guess"}}, ("model.reward.process", "'guess' is not one of constant")),
    ({"reward": {"value": 1.0}}, ("model.reward.process", "missing")),
    ({"reward": {"process": "replay", "file": "none.csv"}}, ("none.csv: no such file",)),
    ({"format": "first_price", "cost": EMPIRICAL}, ("format", "no pure equilibrium", "empirical")),
    ({"format": "dutch", "cost_information": "gradual"}, ("format", "no pure equilibrium", "gradual")),
    ({"format": "dutch", "cost": {"distribution": "uniform", "low": 0.3, "high": 0.3}}, ("format", "atom at 0.3")),
    ({"reserve": "optimal", "entry_cost": 0.1}, ("reserve", "entry_cost = 0")),
    ({"reserve": "optimal", "cost": EMPIRICAL}, ("reserve", "atom")),
    ({"reserve": "optimal", "cost_information": "at_maturity"}, ("reserve", "at_maturity")),
    ({"entry": "uninformed", "cost_information": "gradual"}, ("entry", "at_start", "gradual")),
    ({"exercise": "lottery"}, ("supply is missing",)),
    ({"supply": 8}, ('supply has no meaning with exercise = "at_maturity"', 'exercise = "lottery"')),
    ({"exercise": "window", "lookahead": 2}, ('lookahead has no meaning with exercise = "window"',)),
    ({"exercise": "lottery", "supply": 4, "lookahead": 4}, ("lookahead is 4", "less than the supply")),
    ({"exercise": "lottery", "supply": 4, "maturity": 0}, ("maturity is 0",)),
    ({"exercise": "lottery", "supply": 4, "reward": {"process": "mevboost"}}, ("model.exercise", "mevboost")),
    ({"exercise": "lottery", "supply": 4, "maturity": "none", "reward": AR1}, ("maturity", "ar1")),
    (
        {"exercise": "lottery", "supply": 4, "maturity": "none", "cost_information": "gradual"},
        ("cost_information", "gradual"),
    ),
    ({"exercise": "lottery", "supply": 4, "maturity": "none", "discount_rate": -0.25}, ("discount_rate", "-0.25")),
    (
        {"exercise": "lottery", "supply": 4, "maturity": "none", "buyers": None, "arrival_rate": 1.0},
        ("arrival_rate", "maturity"),
    ),
]


@pytest.mark.parametrize(("change", "hints"), CASES, ids=[str(change)[:70] for change, _ in CASES])
def test_bad_input_names_the_key_and_the_reason(change: dict[str, Any], hints: tuple[str, ...]) -> None:
    keys = {key: value for key, value in {**GOOD, **change}.items() if value is not None}
    with pytest.raises(InputError) as refused:
        solve(read_model({"model": keys}))
    message = str(refused.value)
    assert "\n" not in message
    for hint in hints:
        assert hint in message


def test_a_misspelt_table_is_named_before_the_one_that_is_missing() -> None:
    with pytest.raises(InputError, match=r"modl: no such key; did you mean 'model'\?; there are model$"):
        read_model({"modl": GOOD})
    with pytest.raises(InputError, match=r"^the model: model.buyers: .*, not 'x{90,100}[.]{3}x{90,100}'$"):
        read_model({"model": {**GOOD, "buyers": "x" * 10_000}})


def test_what_is_good_is_taken() -> None:
    assert read_model({"model": GOOD}).buyers == 3
    assert read_model({"model": {**GOOD, "exercise": "lottery", "supply": 4, "maturity": float("inf")}})


def test_the_command_says_what_is_wrong(et_testbed: Any, tmp_path: Path) -> None:
    (tmp_path / "model.toml").write_text("[model]\nmaturity = 3\nbuyers = 0\n")
    done = et_testbed("solve", str(tmp_path / "model.toml"))
    assert done.returncode == 2
    assert done.stdout == ""
    told = [line.partition(": model.")[2] for line in done.stderr.splitlines()]
    assert [line.partition(":")[0] for line in told] == ["buyers", "cost", "reward"]
    assert "no such file" in et_testbed("solve", "none.toml").stderr


def test_the_command_prints_a_table_and_a_plot(et_testbed: Any, tmp_path: Path) -> None:
    text = (
        "[model]\nmaturity = 12\ndiscount_rate = 0.01\nbuyers = 5\nentry_cost = 0.05\n"
        '[model.cost]\ndistribution = "uniform"\nlow = 0.1\nhigh = 0.5\n'
        '[model.reward]\nprocess = "constant"\nvalue = 1.0\n'
    )
    (tmp_path / "model.toml").write_text(text)
    done = et_testbed("solve", str(tmp_path / "model.toml"))
    assert done.returncode == 0
    assert "S(t), ETH" in done.stdout
    assert done.stdout.count("O") == 1
    assert "value at the best policy" in done.stdout
