"""Lotteries: P6 through the market, sales at mint, later and at the draw, and how errors are reckoned."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from experiments.lab.models.game.engine import Game
from experiments.lab.models.game.game_scene import LotteryScene
from experiments.lab.models.game.simulation import simulate
from experiments.lab.models.game.standard_errors import batched_error, standard_error
from strategies.theory.lottery_ticket import undrawn_chance

AR1 = {"process": "ar1", "mean": 0.6, "phi": 0.9, "sigma": 0.2, "start": 0.4}
UNIFORM = {"process": "uniform", "low": 0.0, "high": 1.0}
LOTTERY = {"exercise": "lottery", "supply": 6, "lookahead": 2, "maturity": 8}


@pytest.mark.parametrize(
    "reward", [{"process": "constant", "value": 1.0}, pytest.param(AR1, marks=pytest.mark.slow)]
)
def test_p6_mint_or_draw_is_irrelevant(make_model: Any, worst: Any, reward: dict[str, Any]) -> None:
    outcome = simulate(make_model(**LOTTERY, reward=reward), 800, [0, 3, 8], signatures="off")
    assert worst(outcome) <= 4
    for gap, error in zip(outcome.gap_mean, outcome.gap_se, strict=True):
        assert abs(gap) <= 4 * error


def test_all_that_can_be_made_of_drawn_blocks_is_made(make_model: Any) -> None:
    """Costs are known and entry is free, so that the best buyer wins each: exactly, over many pieces of costs."""
    model = make_model(**LOTTERY | {"maturity": "none"}, reward=UNIFORM)
    assert simulate(model, 200, [0], signatures="off").efficiency == [1.0]


@pytest.mark.parametrize("lookahead", [0, 3])
def test_p6_without_expiry(make_model: Any, worst: Any, lookahead: int) -> None:
    model = make_model(**LOTTERY | {"maturity": "none", "lookahead": lookahead}, reward=UNIFORM)
    outcome = simulate(model, 800, [0], signatures="off")
    assert worst(outcome) <= 4
    delta, urn = 1 / 1.01, 6 - lookahead
    prize = outcome.theory.mean[0] * (1 + urn * 0.01) / delta**lookahead
    free = simulate(make_model(maturity=0, reward=UNIFORM), 2, [0], signatures="off")
    assert prize == pytest.approx(free.theory.spot_mean, rel=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize(
    "terms",
    [
        {"entry_cost": 0.05},
        {"seller_cost": 0.25},
        {"cost_information": "gradual"},
        {"cost_information": "at_maturity", "buyers": 5},
        {"buyers": None, "arrival_rate": 0.7},
        {"reserve": "optimal", "seller_cost": 0.3},
        {"entry": "uninformed", "entry_cost": 0.05},
        {"format": "first_price"},
        {"seller_discount_rate": 0.05},
    ],
)
def test_all_terms_of_a_sale(make_model: Any, worst: Any, terms: dict[str, Any]) -> None:
    model = make_model(**LOTTERY | terms)
    assert worst(simulate(model, 300, [0, 2], signatures="off")) <= 4
    assert worst(simulate(model, 150, None, signatures="off")) <= 4


def test_the_policy_at_random_rewards(make_model: Any, worst: Any) -> None:
    model = make_model(**LOTTERY, reward=AR1, seller_discount_rate=0.03, cost_information="gradual", buyers=4)
    assert worst(simulate(model, 400, None, signatures="off")) <= 4


@pytest.mark.slow
def test_late_information_makes_a_thick_market_wait_for_the_draw(make_model: Any, worst: Any) -> None:
    """What breaks irrelevance in section 4 breaks it here, with the same sign."""
    for buyers, sign in ((2, -1), (6, 1)):
        model = make_model(**LOTTERY | {"cost_information": "at_maturity", "buyers": buyers})
        outcome = simulate(model, 1500, [0], signatures="off")
        assert worst(outcome) <= 4
        assert -outcome.gap_mean[0] * sign > 2 * outcome.gap_se[0]


def test_tickets_are_drawn_as_often_as_chance_has_it(make_model: Any) -> None:
    """One that is sold at the draw brings nothing where it is not drawn: (1 − 1/u)^T of all."""
    take = LotteryScene(Game(make_model(**LOTTERY), 7, "off"), 2000).spot
    missed = (take.brought == 0).astype(float)
    chance = undrawn_chance(4, 8)
    assert abs(missed.mean() - chance) <= 4 * (chance * (1 - chance) / 2000) ** 0.5
    assert take.efficiency == 1


def test_a_ticket_has_its_own_draws_however_it_is_sold(make_model: Any) -> None:
    scene = LotteryScene(Game(make_model(**LOTTERY, reward=AR1), 7, "off"), 200)
    early, late = scene.at_block(0), scene.spot
    assert early.best is not None
    np.testing.assert_array_equal(early.best, late.best)  # type: ignore[arg-type]


def test_batches_count_what_neighbours_have_in_common() -> None:
    rng = np.random.default_rng(1)
    shared = np.repeat(rng.standard_normal(2000), 4)
    assert batched_error(shared, supply=4) == pytest.approx(2000**-0.5, rel=0.4)
    assert standard_error(shared) == pytest.approx(8000**-0.5, rel=0.1)
    alone = rng.standard_normal(8000)
    assert batched_error(alone, supply=4) == pytest.approx(8000**-0.5, rel=0.4)
