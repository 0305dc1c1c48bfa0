"""Learners: what their rules say by hand, and that they find the best shading."""

from __future__ import annotations

import numpy as np
import pytest

from experiments import run
from strategies.bandits import Exp3Bandit, HedgeBandit, RegretBandit, UcbBandit, draw, one_sided

LEARNERS = ["exp3", "ucb", "multiplicative_weights", "regret_matching"]


def duel(learner: dict, rival: float, format: str, blocks: int = 800):
    """A learner against a rival who bids a share of its value, v uniform on [.5, .9] for both."""
    agents = [
        {"strategy": "at_maturity", "role": "seller", "parameters": {"format": format}, "endowment_eth": 1e4},
        {"role": "buyer", "endowment_eth": 1e4, **learner},
        {"strategy": "shade", "role": "buyer", "parameters": {"factor": rival}, "endowment_eth": 1e4},
    ]
    setting = {"reward": {"process": "constant", "value": 1.0}, "cost": {"low": 0.1, "high": 0.5}}
    config = {"blocks": blocks, "agents": agents, "market": {"pbs": "off"}, **setting}
    return run(config, signatures="off")


def profit(result) -> float:
    return list(result.summary["profit_eth"].values())[1] / result.summary["blocks"]


def earnings(rival: float, format: str):
    """What shares s from .5 to 1 earn, v and v′ uniform on [.5, .9]: they win where rival · v′ < s v, and pay
    s v or rival · v′."""
    value, other = np.meshgrid(*2 * [np.linspace(0.5, 0.9, 401)])
    shares = np.linspace(0.5, 1, 11)
    paid = [share * value if format == "first_price" else rival * other for share in shares]
    wins = [rival * other < share * value for share in shares]
    return np.array([((value - price) * win).mean() for price, win in zip(paid, wins, strict=True)])


@pytest.mark.parametrize(("rival", "format"), [(0.8, "first_price"), (1.0, "second_price")])
@pytest.mark.parametrize("learner", LEARNERS)
def test_in_800_rounds_a_learner_has_closed_a_third_of_the_gap_from_random_shading_to_the_best(
    learner, rival, format
):
    shares = earnings(rival, format)
    learned = profit(duel({"strategy": learner}, rival, format))
    assert learned > shares.mean() + (shares.max() - shares.mean()) / 3


def test_exp3_by_hand():
    """γ = .5, two arms: chances (.5, .5); a gain of 1 on the first adds .5 · (1/.5)/2 = .5 to its score."""
    bandit = Exp3Bandit(2, 0.5)
    bandit.learn(0, 1.0)
    assert bandit.scores.tolist() == [0.5, 0.0]
    weight = np.exp(0.5) / (np.exp(0.5) + 1)
    assert bandit.chances == pytest.approx([0.5 * weight + 0.25, 0.5 * (1 - weight) + 0.25])


def test_ucb_tries_everything_and_then_the_greatest_bound():
    bandit = UcbBandit(3, 1.0)
    tried = []
    for gain in (0.5, 0.2, 0.3):
        tried.append(bandit.choose())
        bandit.learn(tried[-1], gain)
    assert tried == [2, 1, 0]
    assert bandit.choose() == 2
    bandit.learn(2, 0.0)  # mean .25 + √(2 ln 4/2) < .3 + √(2 ln 4)
    assert bandit.choose() == 0


@pytest.mark.parametrize(("lead", "chosen"), [(0.40, 0), (0.46, 1)])
def test_ucb_doubts_by_the_root_of_two_logarithms_over_the_tries(lead, chosen):
    """After one try of an arm and two of another the doubts are √(2 ln 3) and √(2 ln 3/2), which is .434 less."""
    bandit = UcbBandit(2, 1.0)
    for arm, gain in ((0, 0.2), (1, 0.2 + lead), (1, 0.2 + lead)):
        bandit.learn(arm, gain)
    assert bandit.choose() == chosen


def test_multiplicative_weights_by_hand():
    bandit = HedgeBandit(2, 1.0, 0.0)
    bandit.learn(np.array([1.0, 0.0]))
    assert bandit.chances == pytest.approx([np.e / (1 + np.e), 1 / (1 + np.e)])


def test_regret_matching_plays_what_it_regrets():
    """Even chances earn .5; the regrets are (.5, −.5)."""
    bandit = RegretBandit(2, 0.0)
    bandit.learn(np.array([1.0, 0.0]))
    assert bandit.regrets.tolist() == [0.5, -0.5]
    assert bandit.chances.tolist() == [1.0, 0.0]


def test_regret_matching_has_no_regret_in_matching_pennies():
    """Against any play its average regret vanishes as 1/√t (Hart and Mas-Colell 2000)."""
    rng, bandit, total = np.random.default_rng(1), RegretBandit(2, 0.0), np.zeros(2)
    earned, rounds = 0.0, 4000
    for step in range(rounds):
        gains = np.array([1.0, 0.0]) if step % 3 else np.array([0.0, 1.0])
        earned += gains[draw(bandit.chances, rng)]
        bandit.learn(gains)
        total += gains
    assert total.max() - earned < 4 * np.sqrt(rounds)


def test_one_sided_feedback_is_unbiased():
    """Over the arm that is played, each arm's estimate averages to its gain."""
    gains, chances = np.array([0.1, 0.7, 0.4]), np.array([0.2, 0.5, 0.3])
    mean = sum(chance * one_sided(gains, arm, chances) for arm, chance in enumerate(chances))
    assert mean == pytest.approx(gains)


def test_draws_follow_the_chances():
    rng = np.random.default_rng(5)
    drawn = np.bincount([draw(np.array([0.2, 0.0, 0.8]), rng) for _ in range(2000)], minlength=3)
    assert drawn[1] == 0
    assert abs(drawn[0] - 400) <= 4 * np.sqrt(2000 * 0.2 * 0.8)
