"""What players ask of a solved model: entry, bids, the policy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from experiments.lab.models.model.game import SolvedModel, make_game
from experiments.lab.models.model.model_file import read_model

FILE: dict[str, Any] = {
    "maturity": 8,
    "discount_rate": 0.01,
    "buyers": 4,
    "entry_cost": 0.05,
    "cost": {"distribution": "uniform", "low": 0.1, "high": 0.5},
    "reward": {"process": "constant", "value": 1.0},
}
AR1 = {"process": "ar1", "mean": 1.0, "phi": 0.8, "sigma": 0.1}


def game(**keys: Any) -> SolvedModel:
    return make_game(read_model({"model": {**FILE, **keys}}))


def test_the_policy_of_a_known_reward_is_a_block() -> None:
    solved = game()
    assert solved.sale_block == 8
    assert solved.sells(8, [1.0, 1.0]).all()
    assert not solved.sells(7, 1.0).any()


def test_the_marginal_buyer_gains_what_entry_costs() -> None:
    for reward, seen in ((FILE["reward"], 1.0), (AR1, 0.93)):
        solved = game(reward=reward)
        threshold = solved.threshold(3, seen)
        gain = solved.value(3, seen, threshold) * (1 - solved.costs.cdf(threshold)) ** 3
        assert float(gain) == pytest.approx(0.05, rel=2e-4)


@pytest.mark.parametrize("entry", ["informed", "uninformed"])
@pytest.mark.parametrize("reward", [FILE["reward"], AR1], ids=["constant", "ar1"])
def test_first_and_second_price_bring_the_same(entry: str, reward: dict[str, Any]) -> None:
    """By simulation with common costs; nobody sees who entered."""
    solved, rng = game(entry=entry, reward=reward, format="first_price"), np.random.default_rng(6)
    costs = solved.costs.ppf(rng.random((100_000, 4)))
    seen = np.full(1, 1.0)
    chance = float(solved.probability(3, 1.0)) if entry == "uninformed" else 1.0
    last = float(solved.last_rank(3, 1.0))
    comes = (rng.random(costs.shape) < chance) & (solved.costs.cdf(costs) <= last)
    places = solved.costs.ppf(np.linspace(0, last, 8001))  # between these a bid is as good as linear
    bids = np.where(comes, np.interp(costs, places, solved.first_price_bid(3, seen, places[None, :])[0]), 0.0)
    worth = np.sort(np.where(comes, solved.value(3, 1.0, costs), 0.0), axis=1)
    first, second = bids.max(axis=1), worth[:, -2]
    gap = first - second
    assert first.mean() > 0.1
    assert abs(gap.mean()) <= 4 * gap.std() / np.sqrt(gap.size)


def test_no_other_bid_does_better() -> None:
    solved, rng = game(format="first_price"), np.random.default_rng(7)
    rivals = solved.first_price_bid(2, np.full(1, 1.0), solved.costs.ppf(rng.random((1, 300_000))))
    best = np.nan_to_num(rivals).reshape(-1, 3).max(axis=1)
    for cost in (0.12, 0.2):
        worth, own = (float(x) for x in (solved.value(2, 1.0, cost), solved.first_price_bid(2, 1.0, [cost])[0]))
        gain = (worth - own) * (best < own).mean()
        others = own + np.array([-0.1, -0.05, 0.05, 0.1])
        assert all((worth - bid) * (best < bid).mean() <= gain + 2e-3 for bid in others)


def test_random_rewards_have_a_region() -> None:
    solved = game(reward=AR1, maturity=4)
    assert solved.sale_block is None
    assert solved.sells(4, [0.1, 1.0, 3.0]).all()
    assert solved.stopping.value >= solved.values.max() - 1e-9
    assert solved.reserve(2, [0.5, 1.0]).tolist() == [0.0, 0.0]
