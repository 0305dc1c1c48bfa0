"""The seed's model, for the tests of the game."""

from __future__ import annotations

from typing import Any

import pytest

from experiments.lab.model.loading import read_model

FILE: dict[str, Any] = {
    "maturity": 8,
    "discount_rate": 0.01,
    "buyers": 3,
    "cost": {"distribution": "uniform", "low": 0.1, "high": 0.5},
    "reward": {"process": "constant", "value": 1.0},
}


@pytest.fixture(scope="session")
def make_model() -> Any:
    """A model of three buyers and eight blocks, with some keys changed."""
    return lambda **keys: read_model({"model": {**FILE, **keys}})
