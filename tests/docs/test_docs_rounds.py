"""The model of a round in docs/model.md is solved and played, and has the answer that stands below it."""

from __future__ import annotations

import re
import tomllib

import pytest

from experiments.lab.models.game.simulation import simulate
from experiments.lab.models.model.model_file import read_model
from experiments.lab.models.model.round_solution import RoundSolution
from experiments.lab.models.model.solving import solve
from tests.places import DOCS


def test_the_round_of_the_page() -> None:
    page = (DOCS / "model.md").read_text()
    (block,) = (text for text in re.findall(r"```toml\n(.*?)```", page, re.DOTALL) if '"round"' in text)
    model = read_model(tomllib.loads(block))
    found = solve(model)
    assert isinstance(found, RoundSolution)
    told = re.search(r"a price of ([\d.]+), each bidder there with chance ([\d.]+), and ([\d.]+) %", page)
    assert told is not None
    price, chance, void = map(float, told.groups())
    assert (found.price, found.buyer_entry, 100 * found.void_share) == pytest.approx(
        (price, chance, void), abs=5e-5
    )
    played = simulate(model, 2_000)
    assert abs(played.price - price) < 4 * played.se["price"]
