"""Models by the thousand: each is solved and simulated, or refused in one line that names the key."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest

from experiments.lab.config.errors import InputError
from experiments.lab.models.game.simulation import simulate
from experiments.lab.models.model.model_file import read_model
from experiments.lab.models.model.solving import solve

SAMPLE, MANY = 10, 1000

AMOUNTS = [0, 0.0, 1e-9, 0.01, 0.1, 0.3, 0.5, 1.0, 2, 7.5, 1e3]
CORNERS = [
    *(-1, -0.5, -1e-12, math.nan, math.inf, -math.inf, 1e300, 10**30, 9e9, 1e10, 5e-324, True, False, None),
    *("", "0.5", "optimal", "none", [], [0.1], {}, "é" * 300),
]
RATES = [0, 0.01, 0.001, 0.5, 3.0, -0.5, -0.01, -0.99]


def any_cost(dice: random.Random) -> dict[str, Any]:
    low, high = sorted(dice.choices(AMOUNTS, k=2))
    shape = dice.choice([0.5, 1.0, 3.0])
    return dice.choice([
        {"distribution": "uniform", "low": low, "high": high},
        {"distribution": "uniform", "low": 0.1, "high": 0.5},
        {"distribution": "beta", "a": shape, "b": 2.0, "low": low, "high": high},
        {"distribution": "truncnorm", "low": low, "high": high},
        {"distribution": "empirical", "values": dice.choices(AMOUNTS, k=dice.randint(1, 4))},
    ])  # fmt: skip


def any_reward(dice: random.Random) -> dict[str, Any]:
    low, high = sorted(dice.choices(AMOUNTS, k=2))
    sigma = dice.choice([0, 0.1, 1.0, 6.0])
    return dice.choice([
        {"process": "constant", "value": high},
        {"process": "uniform", "low": low, "high": high},
        {"process": "lognormal", "mean": high, "sigma": sigma},
        {"process": "exponential", "mean": high},
        {"process": "exponential", "mean": 1.0},
        {"process": "ar1", "mean": high, "phi": dice.choice([0.0, 0.5, -0.9, 0.99]), "sigma": sigma / 10},
        {"process": "ar1", "mean": 1.0, "phi": 0.5, "sigma": 0.1, "start": high},
    ])  # fmt: skip


def any_model(dice: random.Random) -> dict[str, Any]:
    """A model that makes sense more often than not."""
    model: dict[str, Any] = {
        "maturity": dice.choice([0, 1, 2, 3, 8]),
        "discount_rate": dice.choice(RATES),
        "exercise": dice.choice(["at_maturity", "at_maturity", "window", "lottery"]),
        "format": dice.choice(["second_price", "second_price", "english", "first_price", "dutch"]),
        "cost": any_cost(dice),
        "reward": any_reward(dice),
    }
    model |= dice.choice([{"buyers": dice.choice([1, 2, 3, 10])}, {"arrival_rate": dice.choice([0.0, 0.3, 2.0])}])
    if model["exercise"] == "lottery":
        model |= {"supply": dice.choice([1, 2, 5]), "lookahead": dice.choice([0, 0, 1])}
        model["maturity"] = dice.choice([1, 2, 3, "none", math.inf])
    more = {
        "entry_cost": AMOUNTS,
        "reserve": [*AMOUNTS, "optimal", 2e6],
        "seller_cost": AMOUNTS,
        "entry": ["informed", "uninformed"],
        "cost_information": ["at_start", "gradual", "at_maturity"],
        "capital_cost": RATES,
        "seller_discount_rate": RATES,
        "buyer_discount_rate": RATES,
    }
    for key in dice.sample(list(more), dice.choice([0, 1, 1, 2, 3])):
        model[key] = dice.choice(more[key])
    return model


def spoil(dice: random.Random, model: dict[str, Any]) -> None:
    """A value from the corners, a key that is missing, one too many or misspelt."""
    table = dice.choice([model, model, model["cost"], model["reward"]])
    key = dice.choice(list(table))
    kind = dice.randrange(4)
    if kind == 0:
        del table[key]
    elif kind == 1:
        table[key[:-1] or "x"] = table.pop(key)
    else:
        table[key] = dice.choice(CORNERS)


def play(model: dict[str, Any], dice: random.Random) -> str:
    """Solve and simulate it; what was said against it."""
    try:
        read = read_model(model)
        solve(read).to_json()
        blocks = dice.choice([None, None, [0], [0, 1]])
        simulate(read, tickets=dice.choice([2, 5, 20]), sale_blocks=blocks, signatures="off").to_json()
    except InputError as refusal:
        return str(refusal)
    return ""


def hold(seed: int) -> None:
    dice = random.Random(f"model {seed}")
    model = any_model(dice)
    if dice.random() < 0.3:
        spoil(dice, model)
    said = play({"model": model}, dice)
    lines = said.splitlines()
    assert len(lines) <= 2, (seed, said)  # a misspelt key is one that is not known, and one that is missing
    assert all(line.startswith("the model: ") for line in lines[1:]), (seed, said)
    assert len(said) < 600, (seed, said)


def test_a_sample_of_models() -> None:
    for seed in range(SAMPLE):
        hold(seed)


@pytest.mark.slow
def test_a_thousand_models() -> None:
    for seed in range(SAMPLE, MANY):
        hold(seed)
