"""The seed's model, for the tests of the game."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from experiments.lab.models.game.outcome import GameOutcome
from experiments.lab.models.model.model_file import read_model
from experiments.lab.study.agreement import z_score

FILE: dict[str, Any] = {
    "maturity": 8,
    "discount_rate": 0.01,
    "buyers": 3,
    "cost": {"distribution": "uniform", "low": 0.1, "high": 0.5},
    "reward": {"process": "constant", "value": 1.0},
}


GRID = 1e-5
"""How near the solver comes on its grids of rewards, ETH: nearer than this is no difference."""


@pytest.fixture(scope="session")
def make_model() -> Any:
    """A model of three buyers and eight blocks, with some keys changed."""
    return lambda **keys: read_model({"model": {**FILE, **keys}})


@pytest.fixture(scope="session")
def worst() -> Callable[[GameOutcome], float]:
    """The largest |z| of all prices and gaps."""
    return worst_z


def worst_z(outcome: GameOutcome) -> float:
    theory = outcome.theory
    triples: list[tuple[Any, ...]] = [
        *zip(outcome.mean, outcome.se, theory.mean, strict=True),
        *zip(outcome.gap_mean, outcome.gap_se, theory.gap_mean, strict=True),
        (outcome.spot_mean, outcome.spot_se, theory.spot_mean),
    ]
    return max(
        (abs(z_score(mean, error, value)) for mean, error, value in triples if abs(mean - value) > GRID),
        default=0.0,
    )
