"""Equilibrium bids and reserves: known closed forms, no gain from deviating, revenue equivalence."""

import numpy as np
import pytest
from scipy import integrate, stats

from strategies.theory.before_or_after import late_price_with_reserve
from strategies.theory.bids import first_price_bid, lowest_bidder, second_price_bid
from strategies.theory.laws import Continuous, Empirical, Law, NetValue, PosteriorMean
from strategies.theory.order_statistics import kth_highest
from strategies.theory.reserve import optimal_reserve

UNIFORM = Continuous(stats.uniform())
BETA = Continuous(stats.beta(2, 3))
TICKET = NetValue(Continuous(stats.beta(2, 5, loc=0.1, scale=0.4)), 1.0, 0.9)
VALUES = np.linspace(0.05, 1.0, 20)


@pytest.mark.parametrize("buyers", [2, 3, 8])
def test_uniform_bids_are_the_textbook_share(buyers: int) -> None:
    bids = first_price_bid(VALUES, UNIFORM, buyers)
    np.testing.assert_allclose(bids, VALUES * (buyers - 1) / buyers, rtol=1e-12)


def test_a_reserve_raises_bids_and_silences_those_below() -> None:
    bids = first_price_bid(VALUES, UNIFORM, 2, reserve=0.5)
    served = VALUES >= 0.5
    np.testing.assert_allclose(bids[served], VALUES[served] / 2 + 0.125 / VALUES[served], rtol=1e-12)
    assert np.isnan(bids[~served]).all()
    assert float(first_price_bid(0.5, UNIFORM, 2, reserve=0.5)) == 0.5


def test_nobody_bids_more_than_the_highest_rival() -> None:
    assert float(first_price_bid(1.5, UNIFORM, 2)) == pytest.approx(0.5, rel=1e-12)


def test_a_lone_buyer_bids_the_reserve() -> None:
    np.testing.assert_array_equal(first_price_bid([0.4, 0.9], UNIFORM, 1, reserve=0.3), [0.3, 0.3])
    np.testing.assert_array_equal(first_price_bid([0.4, 0.9], UNIFORM, 1), [0.0, 0.0])


@pytest.mark.parametrize("law", [UNIFORM, BETA, TICKET], ids=["uniform", "beta", "ticket"])
@pytest.mark.parametrize(("reserve", "cost"), [(0.0, 0.0), (0.3, 0.0), (0.0, 0.05), (0.2, 0.02)])
def test_first_and_second_price_bring_the_same(law: Law, reserve: float, cost: float) -> None:
    buyers, low, high = 4, lowest_bidder(law, 4, reserve, cost), law.support()[1]

    def density(value: float) -> float:
        bid = float(first_price_bid(value, law, buyers, reserve, cost))
        return bid * buyers * float(law.cdf(value)) ** (buyers - 1) * float(law.pdf(value))

    first_price = integrate.quad(density, low, high, epsabs=1e-10)[0]
    lone = reserve * buyers * (1 - law.cdf(low)) * law.cdf(low) ** (buyers - 1)

    def second(value: float) -> float:
        below = float(law.cdf(value))
        return value * buyers * (buyers - 1) * below ** (buyers - 2) * (1 - below) * float(law.pdf(value))

    assert first_price == pytest.approx(lone + integrate.quad(second, low, high, epsabs=1e-10)[0], abs=1e-7)


@pytest.mark.parametrize(("reserve", "cost"), [(0.0, 0.0), (0.25, 0.0), (0.0, 0.05)])
def test_no_other_bid_earns_more(reserve: float, cost: float) -> None:
    low = lowest_bidder(BETA, 3, reserve, cost)
    posing = np.linspace(low, 1, 400)
    bids = first_price_bid(posing, BETA, 3, reserve, cost)
    wins = BETA.cdf(posing) ** 2
    for value in (low, 0.6, 0.9):
        honest = (value - first_price_bid(value, BETA, 3, reserve, cost)) * BETA.cdf(value) ** 2
        assert ((value - bids) * wins).max() <= honest + 1e-12


def test_the_marginal_entrant_gains_what_entry_costs() -> None:
    low = lowest_bidder(BETA, 3, entry_cost=0.05)
    assert low * float(BETA.cdf(low)) ** 2 == pytest.approx(0.05, rel=1e-12)
    assert float(first_price_bid(low, BETA, 3, entry_cost=0.05)) == pytest.approx(0, abs=1e-12)
    assert lowest_bidder(UNIFORM, 2, entry_cost=0.1) == pytest.approx(0.1**0.5, rel=1e-12)
    assert lowest_bidder(UNIFORM, 2, entry_cost=1.1) == np.inf
    assert lowest_bidder(UNIFORM, 2, reserve=1.5) == np.inf


def test_in_a_second_price_sale_the_bid_is_the_value() -> None:
    np.testing.assert_array_equal(second_price_bid([0.2, 0.5], reserve=0.3), [np.nan, 0.5])


@pytest.mark.parametrize(("law", "own", "reserve"), [(UNIFORM, 0.0, 0.5), (UNIFORM, 0.4, 0.7), (BETA, 1.2, 1.2)])
def test_the_reserve_of_known_laws(law: Law, own: float, reserve: float) -> None:
    assert float(optimal_reserve(law, own)) == pytest.approx(reserve, rel=1e-12)


@pytest.mark.parametrize("law", [BETA, TICKET, Continuous(stats.expon(scale=2)), Continuous(stats.norm(3))])
@pytest.mark.parametrize("own", [0.0, 0.3])
def test_the_reserve_makes_the_virtual_value_the_sellers_own(law: Law, own: float) -> None:
    reserve = float(optimal_reserve(law, own))
    slack = reserve - float((1 - law.cdf(reserve)) / law.pdf(reserve)) - own
    at_the_bottom = reserve == law.support()[0]
    assert slack >= 0 if at_the_bottom else slack == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("buyers", [1, 2, 6])
def test_the_reserve_does_not_depend_on_the_number_of_buyers(buyers: int) -> None:
    grid = np.linspace(0, 1, 501)
    revenue = [late_price_with_reserve(BETA, buyers, price) for price in grid]
    assert grid[int(np.argmax(revenue))] == pytest.approx(float(optimal_reserve(BETA)), abs=2e-3)
    assert late_price_with_reserve(BETA, buyers, 0.0) == pytest.approx(
        kth_highest(BETA, buyers, 2) if buyers > 1 else 0, abs=1e-9
    )


def test_atoms_are_refused_by_name() -> None:
    for law in (Empirical([0.1, 0.2]), PosteriorMean(UNIFORM, 0.5)):
        with pytest.raises(ValueError, match="first-price or Dutch sale needs a law without atoms"):
            first_price_bid(0.5, law, 2)
        with pytest.raises(ValueError, match="optimal reserve needs a law without atoms"):
            optimal_reserve(law)
    with pytest.raises(ValueError, match="must not be negative"):
        first_price_bid(0.5, UNIFORM, 2, entry_cost=-0.1)
