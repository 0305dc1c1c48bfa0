"""A sale as one buyer sees it, against closed forms: three buyers with values uniform on 0 … 1 ETH."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest

from chain.rewards import Constant, RewardPath
from strategies.contest import PIECES, BidCurve, Contest, entry_chance, first_price_bids
from strategies.option import Option, between
from strategies.prospect import Prospect, share_up_to
from strategies.theory.curve import Curve
from strategies.theory.laws import UniformLaw

COSTS = UniformLaw(0.0, 1.0)


OUTLOOK = RewardPath(Constant(1.0), np.random.default_rng(0)).outlook()
"""Every block is worth 1 ETH, so that a cost of θ makes a value of 1 − θ."""


def contest(
    buyers: int | None = 3, present: float = 0.0, entry_cost: float = 0.0, reserve: float = 0.0
) -> Contest:
    return Contest(Prospect(OUTLOOK, 1, COSTS), buyers, present, 1.0, entry_cost, reserve)


def test_a_rank_has_no_rival_below_it_where_all_others_rank_above():
    assert [contest(3).unrivalled(rank) for rank in (0.0, 0.25, 1.0)] == [1, 0.75**2, 0]
    assert contest(1).unrivalled(0.9) == 1
    assert contest(None, present=2.0).unrivalled(0.25) == pytest.approx(exp(-0.5))


@pytest.mark.parametrize("buyers", [2, 3, 5])
def test_a_first_price_bid_is_its_share_of_the_value(buyers):
    """(n − 1)/n of a uniform value (Vickrey 1961)."""
    curve = first_price_bids(contest(buyers), 1.0)
    assert curve.last == pytest.approx(1)
    ranks = [0.0, 0.1, 0.5, 0.9]
    assert [curve.at(rank) for rank in ranks] == pytest.approx(
        [(buyers - 1) / buyers * (1 - rank) for rank in ranks], abs=1e-4
    )


def test_with_a_reserve_who_is_worth_less_is_silent():
    """Of two buyers, worth v: v − (1/v) ∫ from r to v of x dx = (v + r²/v)/2 from r = .4 on."""
    curve = first_price_bids(contest(2, reserve=0.4), 1.0)
    assert curve.last == pytest.approx(0.6)
    assert [curve.at(1 - worth) for worth in (0.4, 0.7, 1.0)] == pytest.approx(
        [(worth + 0.16 / worth) / 2 for worth in (0.4, 0.7, 1.0)], abs=1e-3
    )


@pytest.mark.parametrize(("cost", "chance"), [(0.3, 0.6), (0.4, 0.3)])
def test_who_learns_its_cost_at_the_sale_enters_so_often_that_it_pays_nothing(cost, chance):
    """Of two: alone it earns 1/2, beside the other 1/6: (1 − p)/2 + p/6 = K (Levin and Smith 1994)."""
    assert entry_chance(contest(2, entry_cost=cost)) == pytest.approx(chance, abs=1e-6)


def test_bids_between_two_of_the_table_lie_on_a_line():
    curve = BidCurve(0.5, [float(place * place) for place in range(PIECES + 1)])
    step = 0.5 / PIECES
    assert curve.at(0) == 0
    assert curve.at(3 * step) == pytest.approx(9)
    assert curve.at(3.25 * step) == pytest.approx(9 + 0.25 * (16 - 9))
    assert curve.at(0.5) == curve.at(0.9) == PIECES**2


def test_a_share_of_costs_lies_below_each():
    law = UniformLaw(0.2, 0.6)
    assert [share_up_to(law, gwei * 1e9) for gwei in (0.1, 0.2, 0.3, 0.6, 0.9)] == pytest.approx(
        [0, 0, 0.25, 1, 1]
    )


# Options


def option(reward: float, waiting: float, unaware: float | None = None) -> Option:
    """At this reward, where waiting is worth the same at every cost, ETH."""
    return Option(COSTS, reward, Curve(0.0, 1.0, np.full((1, 5), waiting)), unaware)


@pytest.mark.parametrize(("cost", "takes"), [(0.2, True), (0.3, True), (0.31, False)])
def test_a_holder_takes_what_is_worth_no_less_than_to_wait(cost, takes):
    held = option(0.5, 0.2 - 1e-12)
    assert held.takes(round(cost * 1e9)) == takes
    assert held.worth(round(cost * 1e9)) == pytest.approx(max(0.5 - cost, 0.2))


@pytest.mark.parametrize(("waiting", "takes"), [(0.12, True), (0.13, False)])
def test_one_who_does_not_know_its_cost_takes_the_reward_less_the_mean_of_costs_that_it_covers(waiting, takes):
    """With costs uniform on 0 … 1 a reward of 1/2 is worth E[(1/2 − θ)^+] = 1/8."""
    assert option(0.5, 0.0, unaware=waiting).takes(None) == takes


def test_the_value_of_waiting_between_two_rewards_lies_on_a_line():
    rewards, values = np.array([0.0, 1.0, 3.0]), np.array([[10.0, 0.0], [20.0, 4.0], [60.0, 8.0]])
    rows = {0.0: [10, 0], 0.25: [12.5, 1], 1.0: [20, 4], 2.0: [40, 6], 3.0: [60, 8], -1.0: [10, 0], 9.0: [60, 8]}
    for reward, row in rows.items():
        assert between(rewards, values, reward).tolist() == row
    assert between(rewards, values[:1], 2.0).tolist() == [10, 0]


def test_a_value_bends_where_the_cost_is_what_the_block_is_expected_to_be_worth():
    assert Prospect(OUTLOOK, 1, COSTS).types().bend == pytest.approx(1.0)
