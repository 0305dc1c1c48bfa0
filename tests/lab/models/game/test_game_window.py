"""Windows: P5 through the market, Moser's problem, and tickets that are the same however they are sold."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from experiments import run
from experiments.lab.models.game.engine import Game
from experiments.lab.models.game.game_scene import WindowScene
from experiments.lab.models.game.simulation import simulate

AR1 = {"process": "ar1", "mean": 0.6, "phi": 0.8, "sigma": 0.2}
UNIFORM = {"process": "uniform", "low": 0.0, "high": 1.0}
WIDE = {"distribution": "uniform", "low": 0.1, "high": 0.9}
WINDOW = {"exercise": "window", "maturity": 4, "cost": WIDE}


@pytest.mark.parametrize("reward", [{"process": "constant", "value": 0.8}, UNIFORM, AR1])
@pytest.mark.parametrize("terms", [{"entry_cost": 0.03}, {"seller_cost": 0.4}, {"cost_information": "gradual"}])
def test_sales_at_a_block_bring_what_theory_says(
    make_model: Any, worst: Any, reward: dict[str, Any], terms: dict[str, Any]
) -> None:
    model = make_model(**WINDOW | {"maturity": 3}, reward=reward, **terms)
    assert worst(simulate(model, 150, [1], signatures="off")) <= 4


@pytest.mark.parametrize("terms", [{}, {"entry_cost": 0.03}])
def test_sales_by_the_policy_bring_what_theory_says(make_model: Any, worst: Any, terms: dict[str, Any]) -> None:
    model = make_model(**WINDOW | {"maturity": 3}, reward=AR1, **terms)
    assert worst(simulate(model, 250, None, signatures="off")) <= 4


@pytest.mark.slow
@pytest.mark.parametrize(
    "terms",
    [
        {"buyers": None, "arrival_rate": 0.8},
        {"reserve": 0.3},
        {"reserve": "optimal"},
        {"format": "first_price"},
        {"format": "dutch"},
        {"entry": "uninformed", "entry_cost": 0.03},
        {"cost_information": "at_maturity"},
        {"seller_discount_rate": 0.05},
        {"cost": {"distribution": "empirical", "values": [0.1, 0.3, 0.9]}},
    ],
)
def test_all_terms_of_a_sale(make_model: Any, worst: Any, terms: dict[str, Any]) -> None:
    model = make_model(**WINDOW | {"maturity": 2} | terms, reward=UNIFORM)
    assert worst(simulate(model, 150, [1], signatures="off")) <= 4


def test_p5_the_sale_is_at_once_and_beats_the_best_spot_auction(make_model: Any, worst: Any) -> None:
    model = make_model(**WINDOW | {"maturity": 8}, reward=UNIFORM, buyers=2)
    outcome = simulate(model, 250, [0, 2, 8], signatures="off")
    assert worst(outcome) <= 4
    assert outcome.mean == sorted(outcome.mean, reverse=True)
    policy = simulate(model, 100, None, signatures="off")
    assert policy.mean == simulate(model, 100, [0], signatures="off").mean


def test_the_buyer_waits_for_a_better_block(make_model: Any) -> None:
    """Whoever knows its cost exercises better than chance: what is made is the value to the best buyer."""
    model = make_model(**WINDOW | {"maturity": 8}, reward=UNIFORM)
    take = WindowScene(Game(model, 7, "off"), 600).at_block(0)
    assert take.best is not None
    error = (take.made - take.best).std() / 600**0.5
    assert abs((take.made - take.best).mean()) <= 4 * error
    assert take.made.mean() > 0.5 * (1 - 0.1) + 4 * error


def test_a_ticket_is_the_same_however_it_is_sold(make_model: Any) -> None:
    scene = WindowScene(Game(make_model(**WINDOW, reward=UNIFORM), 7, "off"), 100)
    first, last, spot = scene.at_block(0), scene.at_block(4), scene.spot
    assert first.best is not None
    np.testing.assert_array_equal(first.best, last.best)  # type: ignore[arg-type]
    again = WindowScene(Game(make_model(**WINDOW, reward=UNIFORM), 7, "off"), 40)
    np.testing.assert_array_equal(again.spot.brought, spot.brought[:40])
    assert abs(np.corrcoef(last.brought[1:], last.brought[:-1])[0, 1]) <= 0.4


def test_a_window_of_one_block_is_a_spot_auction(make_model: Any, worst: Any) -> None:
    outcome = simulate(make_model(**WINDOW | {"maturity": 0}, reward=UNIFORM), 200, [0], signatures="off")
    assert outcome.gap_mean == [0]
    assert worst(outcome) <= 4


@pytest.mark.parametrize(("maturity", "value"), [(0, 1 / 2), (1, 5 / 8), (2, 89 / 128), (3, 24305 / 32768)])
def test_moser_through_the_market(make_model: Any, maturity: int, value: float) -> None:
    """R uniform on [0, 1], θ = d = 0: two buyers alike pay what the window is worth."""
    free = {"distribution": "uniform", "low": 0.0, "high": 0.0}
    model = make_model(exercise="window", maturity=maturity, cost=free, reward=UNIFORM, discount_rate=0.0)
    take = WindowScene(Game(model, 7, "off"), 600).at_block(0)
    for sample in (take.brought, take.made):
        assert abs(sample.mean() - value) <= 4 * sample.std() / 600**0.5


@pytest.mark.parametrize(("maturity", "value"), [(1, 5 / 8), (3, 24305 / 32768)])
def test_american_in_an_ordinary_run(maturity: int, value: float) -> None:
    """One window after the other: the strategy earns Moser's sequence, and pays it where it has a rival."""
    config = {
        "seed": 7,
        "blocks": 3000,
        "chain": {"draw": "claim", "unclaimed": "empty", "supply": 1, "maturity": maturity},
        "reward": UNIFORM,
        "cost": {"low": 0.0, "high": 0.0},
        "market": {"structure": "et", "pbs": "off"},
        "agents": [{"strategy": "american", "role": ["buyer"], "count": 2, "endowment_eth": 1e6}],
    }
    result = run(config, signatures="off")
    blocks = result.blocks[result.blocks["ticket"].notna()]
    earned = blocks["net_gwei"].to_numpy(float) / 1e9
    assert abs(earned.mean() - value) <= 4 * earned.std() / len(earned) ** 0.5
    paid = blocks["primary_gwei"].to_numpy(float)[1:] / 1e9
    assert paid == pytest.approx(np.full(len(paid), value), abs=1e-8)
