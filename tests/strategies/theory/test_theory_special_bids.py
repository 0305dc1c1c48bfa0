"""Bids where the third price is paid, or all pay: closed forms, and what the theory refuses."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from strategies.theory.crowd import Fixed
from strategies.theory.laws import Continuous, Empirical, UniformLaw
from strategies.theory.special_bids import (
    all_pay_bid,
    last_payer,
    lowest_payer,
    ranked_all_pay_bid,
    ranked_third_price_bid,
    third_price_bid,
)

UNIT = UniformLaw(0.0, 1.0)
VALUES = np.array([0.2, 0.5, 0.9])


def steep_below(rank):
    """Nearly all the best are alike, the others far apart."""
    return 1 - np.maximum(rank - 0.5, 0) * 2


@pytest.mark.parametrize("count", [3, 5])
def test_uniform_values(count):
    """v (n − 1)/(n − 2) and v^n (n − 1)/n (Krishna 2010, 3.2)."""
    assert third_price_bid(VALUES, UNIT, count) == pytest.approx(VALUES * (count - 1) / (count - 2))
    assert all_pay_bid(VALUES, UNIT, count) == pytest.approx(VALUES**count * (count - 1) / count)


def test_with_a_reserve_all_pay_from_where_it_is_worth_its_risk():
    lowest = lowest_payer(UNIT, 4, 0.2)
    assert lowest == pytest.approx(0.2 ** (1 / 4))
    assert all_pay_bid(lowest + 1e-9, UNIT, 4, 0.2) == pytest.approx(0.2, abs=1e-6)
    assert np.isnan(all_pay_bid(lowest - 1e-6, UNIT, 4, 0.2))
    assert np.isnan(all_pay_bid(1.0, UNIT, 4, 1.1))


@pytest.mark.parametrize("reserve", [0.0, 0.3])
def test_by_rank_they_are_the_same(reserve):
    ranks = np.linspace(0, 1, 129)
    worth = lambda rank: 1 - rank  # noqa: E731
    assert ranked_third_price_bid(ranks, worth, 4) == pytest.approx(third_price_bid(1 - ranks, UNIT, 4))
    last = last_payer(worth, Fixed(4), reserve)
    inside = ranks[ranks < last]
    by_rank = ranked_all_pay_bid(inside, worth, Fixed(4), last, reserve)
    assert by_rank == pytest.approx(all_pay_bid(1 - inside, UNIT, 4, reserve), abs=1e-9)


@pytest.mark.parametrize("bid", [third_price_bid, all_pay_bid])
def test_no_other_bid_gains_more_against_these(bid):
    """Deviations of a buyer to whom it is worth 1.4 against three who play it; lognormal values."""
    law = Continuous(stats.lognorm(0.5))
    rivals = np.sort(law.ppf(np.random.default_rng(3).random((40_000, 3))))
    theirs = bid(rivals.ravel(), law, 4).reshape(rivals.shape)
    value = 1.4
    own = float(bid(value, law, 4))

    def gain(offer: float) -> np.ndarray:
        won = offer > theirs[:, -1]
        return won * (value - theirs[:, -2]) if bid is third_price_bid else won * value - offer

    for factor in (0.5, 0.8, 1.25, 2.0):
        less = gain(own) - gain(factor * own)
        assert less.mean() > -4 * less.std() / 200


@pytest.mark.parametrize(
    ("refused", "says"),
    [
        (lambda: third_price_bid(0.5, Empirical([0, 1]), 4), "a third-price sale needs a law without atoms"),
        (lambda: all_pay_bid(0.5, Empirical([0, 1]), 4), "an all-pay sale needs a law without atoms"),
        (lambda: third_price_bid(0.5, UNIT, 2), "buyers of a third-price sale must be at least 3, not 2"),
        (lambda: all_pay_bid(0.5, UNIT, 2, -1), "reserve must not be negative"),
        (
            lambda: ranked_third_price_bid(np.linspace(0, 1, 9), steep_below, 3),
            "the bid falls as the value rises",
        ),
    ],
)
def test_what_is_refused(refused, says):
    with pytest.raises(ValueError, match=says):
        refused()
