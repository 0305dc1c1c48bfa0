"""The seed's model, for the tests of the game."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from experiments.lab.models.game.outcome import GameOutcome
from experiments.lab.models.model.model_file import read_model
from experiments.lab.models.model.sale_and_exercise import errors_of, share_error
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
RARE = 2e-3
"""The least standard error of a share: that of events so rare that hardly any is seen is not normal."""


@pytest.fixture(scope="session")
def make_model() -> Any:
    """A model of three buyers and eight blocks, with some keys changed."""
    return lambda **keys: read_model({"model": {**FILE, **keys}})


@pytest.fixture(scope="session")
def worst() -> Callable[[GameOutcome], float]:
    """The largest |z| of all prices and gaps, and of windows of when tickets are sold and exercised."""
    return worst_z


def worst_z(outcome: GameOutcome) -> float:
    theory = outcome.theory
    triples: list[tuple[Any, ...]] = [
        *zip(outcome.mean, outcome.se, theory.mean, strict=True),
        *zip(outcome.gap_mean, outcome.gap_se, theory.gap_mean, strict=True),
        (outcome.spot_mean, outcome.spot_se, theory.spot_mean),
    ]
    return max(
        (
            abs(z_score(mean, error, value))
            for mean, error, value in triples + lives_of(outcome)
            if abs(mean - value) > GRID
        ),
        default=0.0,
    )


def lives_of(outcome: GameOutcome) -> list[tuple[float, float, float]]:
    """Shares and means, the errors that theory expects of them, and theory's."""
    triples = []
    pairs = zip(outcome.sale_and_exercise or (), outcome.theory.sale_and_exercise or (), strict=True)
    for played, solved in pairs:
        sold = outcome.tickets * solved.found_a_buyer
        counts = {"tried_at": outcome.tickets, "sold_at": sold, "exercised_at": sold, "waited": sold}
        for key, error in errors_of(solved, outcome.tickets).items():
            if error is not None:
                triples.append((getattr(played, key), max(error, RARE), getattr(solved, key)))
        for key, count in counts.items():
            for share, chance in zip(getattr(played, key) or (), getattr(solved, key) or (), strict=True):
                triples.append((share, max(share_error(chance, count) or 0.0, RARE), chance))
    return triples
