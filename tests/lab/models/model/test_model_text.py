"""What a solution says on a terminal: ties are called ties, and nothing is less than nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from experiments.lab.models.model.model_file import read_model
from experiments.lab.models.model.solution import Solution, best_blocks
from experiments.lab.models.model.solution_text import best_block, figure
from experiments.lab.models.model.solving import solve

FILE: dict[str, Any] = {
    "maturity": 8,
    "discount_rate": 0.01,
    "buyers": 3,
    "cost": {"distribution": "uniform", "low": 0.1, "high": 0.5},
    "reward": {"process": "constant", "value": 1.0},
}


def said(**keys: Any) -> str:
    return best_block(solve(read_model({"model": {**FILE, **keys}})))


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({}, "any block: all within 1e-12 ETH"),
        ({"reward": {"process": "ar1", "mean": 1.0, "phi": 0.9, "sigma": 0.1}}, "any block: all within 6e-06 ETH"),
        ({"cost_information": "gradual"}, "any block: all within 1e-12 ETH"),
        ({"cost_information": "gradual", "buyers": 2}, "0"),
        ({"cost_information": "gradual", "buyers": 4}, "8"),
        ({"cost_information": "at_maturity", "buyers": 4}, "8"),
        ({"cost_information": "at_maturity", "buyers": 2}, "0 … 7: all within 1e-12 ETH"),
        ({"maturity": 0}, "0"),
        ({"exercise": "lottery", "supply": 4, "maturity": "none"}, "the mint or the draw: both within 1e-12 ETH"),
        ({"exercise": "window"}, "0"),
        ({"exercise": "window", "entry_cost": 2.0}, "any block: all within 1e-12 ETH"),
    ],
    ids=str,
)
def test_ties_are_called_ties(keys: dict[str, Any], words: str) -> None:
    assert said(**keys) == words


def test_blocks_are_named_in_spans() -> None:
    solution = Solution(blocks=list(range(9)))
    import numpy as np

    values = np.array([3.0, 3, 1, 3, 0, 1, 3, 3, 3])
    assert best_block(replace(solution, **best_blocks(values, 1e-3))) == "0 … 1, 3, 6 … 8: all within 0.001 ETH"


def test_nothing_has_no_sign() -> None:
    assert figure(-1e-12) == "0.000000"
    assert figure(-0.0) == "0.000000"
    assert figure(-1e-6) == "-0.000001"
