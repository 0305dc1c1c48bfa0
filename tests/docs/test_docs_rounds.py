"""Models of docs/model.md are solved, a round is played too, and have the answers that stand below them."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from experiments.lab.models.game.simulation import simulate
from experiments.lab.models.model.model_file import read_model
from experiments.lab.models.model.round_solution import RoundSolution
from experiments.lab.models.model.solving import solve
from tests.places import DOCS


def test_the_round_of_the_page() -> None:
    page = (DOCS / "model.md").read_text()
    model = read_model(model_of(page, "round"))
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


def test_the_lottery_of_the_page() -> None:
    page = (DOCS / "model.md").read_text()
    found = solve(read_model(model_of(page, "lottery")))
    told = re.search(r"/\(Nd\+1\)\$, ([\d.]+) ETH", page)
    assert told is not None
    assert [found.value, found.spot_value] == pytest.approx([float(told[1])] * 2, abs=5e-7)


def model_of(page: str, exercise: str) -> dict[str, Any]:
    blocks = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    (block,) = (text for text in blocks if f'exercise = "{exercise}"' in text)
    return tomllib.loads(block)
