"""P1 to P4, the inner optimum, and the terms of a sale: through the market, within four standard errors."""

from __future__ import annotations

from typing import Any

import pytest

from experiments.lab.models.game.simulation import simulate

AR1 = {"process": "ar1", "mean": 1.0, "phi": 0.9, "sigma": 0.1}
LOW_AR1 = {"process": "ar1", "mean": 0.3, "phi": 0.8, "sigma": 0.3}
UNIFORM = {"process": "uniform", "low": 0.0, "high": 1.0}
FORMATS = ["second_price", "english", "first_price", "dutch"]


@pytest.mark.parametrize("reward", [{"process": "constant", "value": 1.0}, UNIFORM, AR1, LOW_AR1])
def test_p1_the_block_of_the_sale_is_irrelevant(make_model: Any, worst: Any, reward: dict[str, Any]) -> None:
    outcome = simulate(make_model(reward=reward), 400, [0, 3, 8], signatures="off")
    assert worst(outcome) <= 4
    assert outcome.theory.gap_mean == pytest.approx([0, 0, 0], abs=2e-5)
    for gap, error in zip(outcome.gap_mean, outcome.gap_se, strict=True):
        assert abs(gap) <= 4 * error + 2e-5


def test_p1_ticket_by_ticket_where_the_reward_is_known(make_model: Any) -> None:
    outcome = simulate(make_model(), 300, [0, 4, 8], signatures="off")
    assert outcome.gap_mean == pytest.approx([0, 0, 0], abs=1e-9)


@pytest.mark.parametrize("information", ["gradual", "at_maturity"])
@pytest.mark.parametrize(("buyers", "sign"), [(2, -1), (3, 0), (4, 1)])
def test_p2_thick_markets_wait(make_model: Any, worst: Any, buyers: int, sign: int, information: str) -> None:
    model = make_model(buyers=buyers, cost_information=information)
    outcome = simulate(model, 400, [0, 4], signatures="off")
    assert worst(outcome) <= 4
    z = -outcome.gap_mean[0] / outcome.gap_se[0]
    assert z * sign > 4 if sign else abs(z) <= 4


def test_p2_more_is_known_half_way(make_model: Any, worst: Any) -> None:
    outcome = simulate(make_model(buyers=6, cost_information="gradual"), 400, [0, 4], signatures="off")
    assert outcome.gap_mean[0] < outcome.gap_mean[1] < 0
    assert worst(outcome) <= 4


def test_p3_entry_rises_towards_maturity(make_model: Any, worst: Any) -> None:
    model = make_model(entry_cost=0.05, discount_rate=0.05)
    outcome = simulate(model, 1000, [0, 4, 8], signatures="off")
    assert worst(outcome) <= 4
    assert outcome.mean == sorted(outcome.mean)
    assert outcome.entrants == sorted(outcome.entrants)
    assert -outcome.gap_mean[0] > 4 * outcome.gap_se[0]
    for seen, expected in zip(outcome.entrants, outcome.theory.entrants, strict=True):
        assert seen == pytest.approx(expected, abs=4 * (3 / 4 / 1000) ** 0.5)


def test_p3_no_one_enters_where_it_costs_more_than_there_is(make_model: Any) -> None:
    outcome = simulate(make_model(entry_cost=0.95), 50, [0, 8], signatures="off")
    assert outcome.mean == [0, 0]
    assert outcome.entrants == [0, 0]
    assert outcome.efficiency == [0, 0]


def test_p3_a_lone_buyer_enters_and_pays_nothing(make_model: Any) -> None:
    outcome = simulate(make_model(buyers=1, entry_cost=0.05), 200, [0, 8], signatures="off")
    assert outcome.mean == [0, 0]
    assert outcome.entrants == [1, 1]
    assert outcome.efficiency == pytest.approx([1, 1])


@pytest.mark.parametrize(("seller", "best"), [(0.02, 0), (0.005, 8)])
def test_p4_patience(make_model: Any, worst: Any, seller: float, best: int) -> None:
    model = make_model(seller_discount_rate=seller)
    outcome = simulate(model, 500, [0, 4, 8], signatures="off")
    assert worst(outcome) <= 4
    assert max(range(3), key=outcome.mean.__getitem__) * 4 == best
    policy = simulate(model, 500, None, signatures="off")
    assert policy.mean == pytest.approx([max(outcome.mean)], abs=1e-12)


@pytest.mark.slow
def test_the_best_block_lies_inside(make_model: Any, worst: Any) -> None:
    """n = 2, K = .05, costs known gradually: S(6) above both ends (MODEL section 4), ticket by ticket."""
    model = make_model(maturity=32, buyers=2, entry_cost=0.05, cost_information="gradual")
    outcome = simulate(model, 4000, [6], signatures="off")
    assert worst(outcome) <= 4
    assert outcome.theory.mean == pytest.approx([0.41944], abs=5e-6)
    assert outcome.theory.spot_mean == pytest.approx(0.39372, abs=5e-6)
    assert outcome.gap_mean[0] > 4 * outcome.gap_se[0]


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    "terms", [{}, {"reserve": 0.55}, {"entry_cost": 0.1}, {"entry_cost": 0.1, "entry": "uninformed"}]
)
def test_every_format_brings_the_same(make_model: Any, worst: Any, terms: dict[str, Any], format: str) -> None:
    model = make_model(format=format, **terms)
    assert worst(simulate(model, 300, [0, 8], signatures="off")) <= 4


@pytest.mark.parametrize(("format", "reserve"), [("third_price", 0.0), ("third_price", 0.55), ("all_pay", 0.0)])
def test_so_do_the_formats_with_bids_of_their_own(
    make_model: Any, worst: Any, format: str, reserve: float
) -> None:
    """Of the third price, whose bids have no bound above the value, and where losers pay the seller too."""
    model = make_model(format=format, reserve=reserve, buyers=4)
    assert worst(simulate(model, 300, [0, 8], signatures="off")) <= 4


@pytest.mark.parametrize("format", ["first_price", "dutch"])
def test_first_price_bids_spread_less(make_model: Any, format: str) -> None:
    shaded, truthful = (
        simulate(make_model(format=way, buyers=4), 300, [4], signatures="off") for way in (format, "second_price")
    )
    assert shaded.se[0] < truthful.se[0]
    assert shaded.entrants == truthful.entrants == [4]
    assert shaded.efficiency == truthful.efficiency == [1]


@pytest.mark.slow
@pytest.mark.parametrize("format", ["first_price", "english"])
def test_formats_agree_on_random_rewards(make_model: Any, worst: Any, format: str) -> None:
    assert worst(simulate(make_model(format=format, reward=LOW_AR1, maturity=4), 400, [0], signatures="off")) <= 4


def test_the_best_reserve(make_model: Any, worst: Any) -> None:
    outcome = simulate(make_model(reserve="optimal", buyers=2, reward=UNIFORM), 300, [0, 8], signatures="off")
    assert worst(outcome) <= 4


@pytest.mark.parametrize("cost_information", ["at_start", "gradual"])
def test_a_holder_who_can_exploit_the_block_keeps_it_where_that_pays(
    make_model: Any, worst: Any, cost_information: str
) -> None:
    model = make_model(seller_cost=0.25, cost_information=cost_information)
    outcome = simulate(model, 600, [0, 8], signatures="off")
    assert worst(outcome) <= 4
    assert outcome.spot_mean > 0.75 / 1.01**8
    assert outcome.efficiency[1] == pytest.approx(1, abs=0.02)


def test_late_sales_leave_no_room_for_a_holder_with_a_low_cost(make_model: Any) -> None:
    outcome = simulate(make_model(seller_cost=0.05), 100, [8], signatures="off")
    assert outcome.mean == pytest.approx([0.95 / 1.01**8], abs=1e-9)
    assert outcome.entrants == [0]


def test_uninformed_entry_mixes(make_model: Any, worst: Any) -> None:
    model = make_model(entry="uninformed", entry_cost=0.1, discount_rate=0.05, buyers=5)
    outcome = simulate(model, 800, [0, 8], signatures="off")
    assert worst(outcome) <= 4
    assert 1 < outcome.entrants[0] < outcome.entrants[1] < 5
    for seen, expected in zip(outcome.entrants, outcome.theory.entrants, strict=True):
        assert seen == pytest.approx(expected, abs=4 * (5 / 4 / 800) ** 0.5)


@pytest.mark.parametrize(
    "keys", [{}, {"entry_cost": 0.05}, {"format": "first_price"}, {"cost_information": "gradual"}]
)
def test_arrivals_thicken_the_market(make_model: Any, worst: Any, keys: dict[str, Any]) -> None:
    outcome = simulate(make_model(buyers=None, arrival_rate=0.5, **keys), 300, [0, 4], signatures="off")
    assert worst(outcome) <= 4
    assert outcome.mean[0] == 0
    assert outcome.entrants[1] == pytest.approx(outcome.theory.entrants[1], abs=4 * (2 / 300) ** 0.5)


def test_the_policy_waits_for_a_good_state(make_model: Any, worst: Any) -> None:
    """An impatient seller, rewards that move: what the region of states brings is what was solved for."""
    model = make_model(reward={**AR1, "sigma": 0.3, "mean": 0.5}, entry_cost=0.02, cost_information="gradual")
    outcome = simulate(model, 500, None, signatures="off")
    assert outcome.sale_blocks is None
    assert worst(outcome) <= 4


@pytest.mark.slow
@pytest.mark.parametrize(
    "cost",
    [
        {"distribution": "beta", "low": 0.1, "high": 0.5, "a": 2.0, "b": 3.0},
        {"distribution": "truncnorm", "low": 0.1, "high": 0.5},
        {"distribution": "empirical", "values": [0.1, 0.2, 0.5]},
    ],
)
@pytest.mark.parametrize("entry_cost", [0.0, 0.05])
def test_every_law_of_costs(make_model: Any, worst: Any, cost: dict[str, Any], entry_cost: float) -> None:
    outcome = simulate(make_model(cost=cost, entry_cost=entry_cost), 300, [0], signatures="off")
    assert worst(outcome) <= 4


def test_signed_or_not_the_money_is_the_same(make_model: Any) -> None:
    model = make_model(entry_cost=0.05)
    signed, unsigned = (simulate(model, 20, [0, 8], signatures=way) for way in ("ecdsa", "off"))
    assert signed == unsigned


def test_a_ticket_without_a_wait(make_model: Any, worst: Any) -> None:
    outcome = simulate(make_model(maturity=0), 200, [0], signatures="off")
    assert outcome.gap_mean == [0]
    assert worst(outcome) <= 4
