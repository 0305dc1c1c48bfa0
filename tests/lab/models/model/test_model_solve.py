"""`solve`: P1 to P6, the numbers of docs/model.md, corners, every kind of reward."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from experiments.lab.models.model.model_file import read_model
from experiments.lab.models.model.solution import Solution
from experiments.lab.models.model.solving import solve

FILE: dict[str, Any] = {
    "maturity": 32,
    "discount_rate": 0.01,
    "buyers": 5,
    "cost": {"distribution": "uniform", "low": 0.1, "high": 0.5},
    "reward": {"process": "constant", "value": 1.0},
}
AR1 = {"process": "ar1", "mean": 1.0, "phi": 0.9, "sigma": 0.1}
LOW_AR1 = {"process": "ar1", "mean": 0.3, "phi": 0.8, "sigma": 0.3}
LOGNORMAL = {"process": "lognormal", "mean": 0.3, "sigma": 0.5}
UNIFORM = {"process": "uniform", "low": 0.0, "high": 1.0}
FREE = {"distribution": "uniform", "low": 0.0, "high": 0.0}


def solved(**keys: Any) -> Solution:
    return solve(read_model({"model": {**FILE, **keys}}))


def values(solution: Solution) -> Any:
    return np.array(solution.sale_value)


@pytest.mark.parametrize("buyers", [1, 2, 5])
def test_p1_a_known_reward_makes_the_block_irrelevant(buyers: int) -> None:
    solution = solved(buyers=buyers)
    assert np.ptp(values(solution)) <= 1e-9
    assert solution.ties == list(range(33))
    assert solution.tie_within == 1e-12
    assert solution.equivalence_gap == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("reward", [AR1, LOW_AR1, {**AR1, "phi": 0.99}, {**AR1, "phi": -0.5}, LOGNORMAL, UNIFORM])
def test_p1_holds_for_random_rewards(reward: dict[str, Any]) -> None:
    solution = solved(reward=reward, maturity=64)
    assert np.ptp(values(solution)) <= 1e-5 * values(solution)[0]
    assert solution.value == pytest.approx(values(solution)[0], rel=1e-5)
    assert solution.ties == list(range(65))
    assert solution.sale_block_distribution[0] == pytest.approx(1, abs=1e-12)
    assert solution.sale_region[0] == {"block": 0, "intervals": [[0.0, None]]}
    assert solution.entry_threshold is None


@pytest.mark.parametrize("information", ["gradual", "at_maturity"])
@pytest.mark.parametrize(("buyers", "sign"), [(2, -1), (3, 0), (4, 1)])
def test_p2_thick_markets_wait(information: str, buyers: int, sign: int) -> None:
    solution = solved(cost_information=information, buyers=buyers)
    slope = values(solution)[-1] - values(solution)[0]
    assert np.sign(round(slope, 9)) == sign
    assert solution.optimal_block == (32 if sign > 0 else 0)


def test_p3_entry_costs_move_the_sale_to_maturity() -> None:
    solution = solved(entry_cost=0.05)
    assert (np.diff(solution.entry_threshold) > 0).all()
    assert (np.diff(values(solution)) > 0).all()
    assert solution.optimal_block == 32
    assert solution.value == pytest.approx(0.45777400803653673, rel=1e-9)


def test_p3_holds_for_random_rewards() -> None:
    solution = solved(entry_cost=0.05, reward=AR1)
    assert (np.diff(values(solution)) > 0).all()
    assert solution.sale_block_distribution[-1] > 0.999


@pytest.mark.parametrize(("seller", "block"), [(0.02, 0), (0.005, 32)])
def test_p4_patience(seller: float, block: int) -> None:
    assert solved(seller_discount_rate=seller).optimal_block == block


def test_capital_that_costs_makes_buyers_less_patient() -> None:
    assert solved(capital_cost=0.001).optimal_block == 32
    same = solved(buyer_discount_rate=1.01 * 1.001 - 1)
    np.testing.assert_allclose(solved(capital_cost=0.001).sale_value, same.sale_value, rtol=1e-12)


def test_interior_optimum_of_impatience_and_information() -> None:
    solution = solved(
        cost_information="gradual", buyers=8, seller_discount_rate=0.017, buyer_discount_rate=0.015, maturity=60
    )
    assert solution.optimal_block == 52


def test_interior_optimum_of_entry_and_information() -> None:
    solution = solved(cost_information="gradual", buyers=2, entry_cost=0.05)
    assert solution.optimal_block == 6
    np.testing.assert_allclose(values(solution)[[0, 6, 32]], [0.41402, 0.41944, 0.39372], atol=5e-6)
    assert solution.entry_probability[0] == pytest.approx(0.90179, abs=5e-6)
    assert solution.entry_threshold[0] == pytest.approx(0.3)
    assert solution.equivalence_gap == pytest.approx(0.41944 - 0.39372, abs=1e-5)


@pytest.mark.parametrize("reward", [FILE["reward"], {"process": "constant", "value": 0.3}, LOW_AR1, LOGNORMAL])
def test_p5_a_window_is_sold_at_once_and_for_more_than_the_spot_auction(reward: dict[str, Any]) -> None:
    solution = solved(exercise="window", reward=reward, maturity=12)
    assert solution.optimal_block == 0
    assert solution.value == pytest.approx(values(solution)[0], rel=3e-5)
    assert (np.diff(values(solution)) < 1e-8).all()
    assert solution.value >= solution.spot_value - 1e-9
    if solution.sale_block_distribution is not None:
        assert solution.sale_block_distribution[0] == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("maturity", [0, 1, 2, 5])
def test_p5_moser(maturity: int) -> None:
    solution = solved(exercise="window", maturity=maturity, discount_rate=0.0, cost=FREE, reward=UNIFORM, buyers=2)
    best = 0.5
    for _ in range(maturity):
        best = (1 + best**2) / 2
    assert values(solution)[0] == pytest.approx(best, abs=5e-7)
    assert solution.spot_value == pytest.approx(best, abs=5e-7)


def test_p6_ticket_value() -> None:
    keys = {"exercise": "lottery", "cost": FREE, "discount_rate": 1e-3}
    reward = {"process": "constant", "value": 0.122561}
    assert solved(**keys, reward=reward, supply=32).ticket_value == pytest.approx(0.0771162, abs=5e-8)
    endless = solved(**keys, reward=reward, supply=100, maturity="none")
    assert endless.ticket_value == pytest.approx(0.111419, abs=5e-7)
    assert endless.blocks is None
    ahead = solved(**keys, reward={"process": "lognormal", "mean": 0.122561, "sigma": 1.0}, supply=40, lookahead=8)
    direct = sum((1 / 32) * (31 / 32) ** (k - 1) * 1.001 ** -(k + 8) for k in range(1, 33)) * 0.122561
    assert ahead.ticket_value == pytest.approx(direct, rel=1e-9)


@pytest.mark.parametrize("reward", [FILE["reward"], LOW_AR1, LOGNORMAL])
@pytest.mark.parametrize("lookahead", [0, 4])
def test_p6_before_or_at_the_draw_is_the_same(reward: dict[str, Any], lookahead: int) -> None:
    solution = solved(exercise="lottery", supply=16, lookahead=lookahead, reward=reward)
    assert np.ptp(values(solution)) <= 1e-5 * solution.value
    late = solved(exercise="lottery", supply=16, lookahead=lookahead, reward=reward, entry_cost=0.01)
    assert late.value == pytest.approx(late.spot_value, rel=1e-6)
    assert late.value > late.sale_value[0]


def test_an_ar1_without_memory_is_an_independent_lognormal() -> None:
    memoryless = {"process": "ar1", "mean": 0.3, "phi": 0.0, "sigma": 0.5}
    for keys in ({"entry_cost": 0.02}, {"exercise": "window", "entry_cost": 0.02, "maturity": 8}):
        one, other = solved(**keys, reward=memoryless), solved(**keys, reward=LOGNORMAL)
        np.testing.assert_allclose(one.sale_value[1:], other.sale_value[1:], rtol=3e-5)


def test_what_holds_without_noise_holds_with_a_little() -> None:
    still, restless = solved(entry_cost=0.05), solved(entry_cost=0.05, reward={**AR1, "sigma": 1e-4})
    np.testing.assert_allclose(restless.sale_value, still.sale_value, rtol=1e-5)
    none = solved(entry_cost=0.05, reward={**AR1, "sigma": 0.0})
    np.testing.assert_allclose(none.sale_value, still.sale_value, rtol=1e-12)


def test_arrivals() -> None:
    solution = solve(
        read_model(
            {
                "model": {
                    "maturity": 40,
                    "seller_discount_rate": 1 / 0.97 - 1,
                    "buyer_discount_rate": 0.0,
                    "arrival_rate": 0.5,
                    "cost": {"distribution": "uniform", "low": 0.0, "high": 1.0},
                    "reward": {"process": "constant", "value": 1.0},
                }
            }
        )
    )
    assert solution.optimal_block == 13
    assert solution.value == pytest.approx(0.467265, abs=5e-7)


def test_entry_of_those_who_learn_later() -> None:
    keys = {"cost": {"distribution": "uniform", "low": 0.0, "high": 1.0}, "entry_cost": 0.1, "maturity": 0}
    solution = solved(**keys, entry="uninformed")
    assert solution.entry_probability[0] == pytest.approx(0.558727, abs=5e-7)
    assert solution.value == pytest.approx(0.424542, abs=5e-7)
    assert solution.entry_threshold is None


def test_nobody_enters_where_it_costs_too_much() -> None:
    for entry in ("informed", "uninformed"):
        solution = solved(entry_cost=1.0, entry=entry)
        assert solution.value == 0
        assert solution.entry_probability == [0.0] * 33
    assert solved(entry_cost=1.0).entry_threshold == [None] * 33


def test_the_optimal_reserve() -> None:
    keys = {"cost": {"distribution": "uniform", "low": 0.0, "high": 1.0}, "maturity": 0, "reserve": "optimal"}
    assert solved(**keys, buyers=1).value == pytest.approx(0.25, rel=1e-9)
    assert solved(**keys, buyers=2).value == pytest.approx(5 / 12, rel=1e-9)
    kept = solved(**keys, buyers=1, seller_cost=0.5)
    assert kept.value == pytest.approx(0.75 * 0.25 + 0.5 * 0.75, rel=1e-9)


def test_a_holder_who_can_build_keeps_a_ticket_that_nobody_buys() -> None:
    solution = solved(entry_cost=2.0, seller_cost=0.4, reward=LOW_AR1)
    paths = np.random.default_rng(5).standard_normal((400_000, 1))
    sd = 0.3 * np.sqrt((1 - 0.8**64) / (1 - 0.8**2))
    reward = np.exp(np.log(0.3) - 0.3**2 / (2 * (1 - 0.8**2)) + sd * paths)
    kept = 1.01**-32 * np.maximum(reward - 0.4, 0)
    assert abs(kept.mean() - solution.value) <= 4 * kept.std() / np.sqrt(kept.size)


@pytest.mark.parametrize(
    "cost",
    [
        {"distribution": "beta", "a": 2.0, "b": 5.0, "low": 0.1, "high": 0.5},
        {"distribution": "truncnorm", "low": 0.1, "high": 0.5},
        {"distribution": "truncnorm", "mean": 0.3, "sigma": 0.1, "low": 0.1, "high": 0.5},
        {"distribution": "empirical", "values": [0.1, 0.2, 0.2, 0.35, 0.5]},
    ],
    ids=lambda cost: f"{cost['distribution']}-{len(cost)}",
)
def test_other_laws_of_cost(cost: dict[str, Any]) -> None:
    assert np.ptp(values(solved(cost=cost))) <= 1e-9
    late = solved(cost=cost, entry_cost=0.05)
    assert (np.diff(values(late)) > 0).all()
    random = solved(cost=cost, entry_cost=0.05, reward={**AR1, "sigma": 1e-3})
    np.testing.assert_allclose(random.sale_value, late.sale_value, rtol=1e-3)


def test_a_ticket_of_no_maturity() -> None:
    for reward in (FILE["reward"], AR1, LOGNORMAL):
        solution = solved(maturity=0, reward=reward, entry_cost=0.01)
        assert solution.blocks == [0]
        assert solution.value == pytest.approx(solution.spot_value, rel=1e-12)


def test_json_has_the_keys_and_no_more() -> None:
    printed = json.loads(solved(reward=AR1).to_json())
    assert set(printed) == {
        "blocks", "sale_value", "entry_threshold", "entry_probability", "optimal_block", "value", "spot_value",
        "equivalence_gap", "ticket_value", "sale_region", "sale_block_distribution", "standard_error",
        "ties", "tie_within", "sale_and_exercise",
    }  # fmt: skip
    assert printed["ticket_value"] is None
