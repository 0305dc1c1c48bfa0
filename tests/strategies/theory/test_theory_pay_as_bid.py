"""Several tickets at once, unit demand, winners pay their bids."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from strategies.theory.bids import first_price_bid
from strategies.theory.discriminatory_price import pay_as_bid_bid, pay_as_bid_revenue
from strategies.theory.laws import Continuous, Empirical, UniformLaw

UNIT = UniformLaw(0.0, 1.0)
LAWS = {"uniform": UNIT, "exponential": Continuous(stats.expon(scale=0.1)), "beta": Continuous(stats.beta(2, 3))}


def test_three_tickets_and_ten_buyers_with_uniform_values() -> None:
    assert pay_as_bid_revenue(UNIT, 10, 3) == pytest.approx(1.909091, abs=5e-7)
    assert pay_as_bid_revenue(UNIT, 10, 3) == pytest.approx(3 * 7 / 11, rel=1e-12)


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
def test_one_ticket_is_the_first_price_sale(law) -> None:
    values = law.ppf(np.linspace(0.01, 0.99, 23))
    np.testing.assert_allclose(pay_as_bid_bid(values, law, 4, 1), first_price_bid(values, law, 4), rtol=1e-9)


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
@pytest.mark.parametrize(("buyers", "tickets"), [(2, 1), (5, 2), (10, 3), (6, 5)])
def test_what_winners_pay_is_the_revenue(law, buyers, tickets) -> None:
    """Monte Carlo over 200,000 sales, within 4 standard errors."""
    rng = np.random.default_rng(5)
    values = law.ppf(rng.random((200_000, buyers)))
    winners = -np.sort(-values, axis=1)[:, :tickets]
    grid = law.ppf(np.linspace(0, 1 - 1e-9, 4001))
    paid = np.interp(winners, grid, pay_as_bid_bid(grid, law, buyers, tickets)).sum(axis=1)
    error = paid.std() / np.sqrt(paid.size)
    assert abs(paid.mean() - pay_as_bid_revenue(law, buyers, tickets)) < 4 * error


def test_no_other_bid_earns_more() -> None:
    bids = np.linspace(0, 1, 2001)
    own = pay_as_bid_bid(bids, UNIT, 7, 3)
    rivals = stats.beta(7 - 3, 3)  # the third-highest of six rivals, by its quantile of value
    for value in (0.2, 0.5, 0.9):
        profit = rivals.cdf(bids) * (value - own)
        assert abs(bids[profit.argmax()] - value) < 2e-3


def test_where_everyone_gets_one_nobody_pays() -> None:
    assert pay_as_bid_bid([0.3, 0.9], UNIT, 3, 3).tolist() == [0, 0]
    assert pay_as_bid_revenue(UNIT, 3, 5) == 0


def test_bad_sales_are_refused() -> None:
    with pytest.raises(ValueError, match="atoms"):
        pay_as_bid_bid(1.0, Empirical([1.0, 2.0]), 3, 1)
    with pytest.raises(ValueError, match="tickets"):
        pay_as_bid_bid(1.0, UNIT, 3, 0)
    with pytest.raises(ValueError, match="bounded below"):
        pay_as_bid_bid(1.0, Continuous(stats.norm()), 3, 1)
