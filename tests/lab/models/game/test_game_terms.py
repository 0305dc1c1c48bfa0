"""Terms that ended in a traceback once: exponential rewards, rates below 0, reserves above the Dutch start."""

from __future__ import annotations

from typing import Any

import pytest

from experiments.lab.models.game.simulation import simulate
from experiments.lab.models.model.solving import solve

EXPONENTIAL = {"reward": {"process": "exponential", "mean": 0.8}}
LOTTERY = {"exercise": "lottery", "supply": 3, "maturity": 4}


@pytest.mark.parametrize("more", [{}, {"format": "first_price"}, {"exercise": "window"}, LOTTERY], ids=str)
def test_exponential_rewards_are_solved_and_played(make_model: Any, worst: Any, more: dict[str, Any]) -> None:
    model = make_model(**EXPONENTIAL, **more)
    assert solve(model).value > 0
    assert worst(simulate(model, 300, [0, 2], signatures="off")) <= 4


def test_rewards_that_grow_dearer_may_be_discounted_below_nothing(make_model: Any, worst: Any) -> None:
    """At −50 % a block a ticket is worth twice as much a block earlier, to seller and buyers."""
    model = make_model(discount_rate=-0.5)
    assert solve(model).optimal_block == 0
    assert worst(simulate(model, 300, [0, 2], signatures="off")) <= 4
    assert worst(simulate(model, 200, signatures="off")) <= 4


@pytest.mark.parametrize("exercise", [{}, {"exercise": "window"}, LOTTERY], ids=str)
@pytest.mark.parametrize("reserve", [1e6, 1.5e6, 9e8])
def test_a_reserve_above_the_dutch_start_sells_nothing(make_model: Any, exercise: Any, reserve: float) -> None:
    model = make_model(format="dutch", reserve=reserve, **exercise)
    found = simulate(model, 20, [0, 1], signatures="off")
    assert found.mean == [0, 0]
