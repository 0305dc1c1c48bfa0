"""Revenue equivalence: with equilibrium bids, and no reserve, all formats bring the same."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy import stats

from chain.ledger import BURNED
from chain.protocol import process_genesis
from market.auctions import FORMATS, Lot, Offer, Terms
from market.primary import PRICING
from strategies.theory.bids import first_price_bid
from strategies.theory.laws import Continuous, UniformLaw
from strategies.theory.special_bids import all_pay_bid, third_price_bid

SALES = 20_000
ONE = 10**9  # a value of 1, Gwei
LAWS = {"uniform": UniformLaw(0.0, 1.0), "lognormal": Continuous(stats.lognorm(0.5))}
HIGHEST = 2**62  # where a Dutch clock starts, Gwei
BIDS = {
    "first_price": first_price_bid,
    "dutch": first_price_bid,
    "third_price": third_price_bid,
    "all_pay": all_pay_bid,
}
"""What is bid where that is not the value."""


def values(law: str, sales: int, count: int) -> np.ndarray:
    """The same in every format."""
    return LAWS[law].ppf(np.random.default_rng(17).random((sales, count)))


def bids_of(format: str, worth: np.ndarray, law: str) -> list[list[int]]:
    """The equilibrium bids, Gwei."""
    bid = BIDS.get(format)
    bids = worth if bid is None else np.stack([bid(row, LAWS[law], worth.shape[1]) for row in worth])
    return np.round(bids * ONE).astype(int).tolist()


@cache
def revenues(format: str, count: int, law: str = "uniform") -> np.ndarray:
    """What so many sales bring, in units of 1."""
    worth = values(law, SALES, count)
    if law == "uniform" and format in ("first_price", "dutch"):
        bids = np.round(worth * (count - 1) / count * ONE).astype(int).tolist()  # Krishna (2010), section 2.3
    else:
        bids = bids_of(format, worth, law)
    terms, clear = Terms(0, HIGHEST, 1), FORMATS[format].clear
    sales = [clear(Lot(0, terms, [Offer(bidder, bid) for bidder, bid in enumerate(row)])) for row in bids]
    return np.array([sum(payment.price for payment in sale) for sale in sales]) / ONE


def z(sample: np.ndarray, mean: float = 0.0) -> float:
    return float((sample.mean() - mean) / (sample.std(ddof=1) / np.sqrt(len(sample))))


@pytest.mark.parametrize("count", [2, 5])
@pytest.mark.parametrize("format", [format for format in FORMATS if format not in ("third_price", "all_pay")])
def test_the_mean_is_that_of_the_second_highest_value(format, count):
    """E[v_(2:n)] = (n − 1)/(n + 1), |z| ≤ 4."""
    assert abs(z(revenues(format, count), (count - 1) / (count + 1))) <= 4


@pytest.mark.parametrize("count", [2, 5])
@pytest.mark.parametrize("format", ["first_price", "dutch", "english"])
def test_sale_by_sale_the_formats_differ_by_nothing_on_average(format, count):
    """Paired with the second-price sale of the same values, |z| ≤ 4."""
    difference = revenues(format, count) - revenues("second_price", count)
    if format == "english":
        assert (difference == 0).all()
    else:
        assert np.abs(difference).mean() > 0.05
        assert abs(z(difference)) <= 4


@pytest.mark.parametrize("count", [2, 5])
def test_the_first_price_varies_less(count):
    """Riskier is the second price: its revenue is a mean-preserving spread of the first's (Krishna 2010, 2.4)."""
    assert revenues("first_price", count).var() < 0.8 * revenues("second_price", count).var()


@pytest.mark.slow
@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("format", FORMATS)
def test_through_the_ledger_all_formats_bring_the_same(format, law, make_market):
    """What is burned of 4,000 sales to the same three buyers, against second prices by the values: |z| ≤ 4."""
    worth = values(law, 4000, 3)
    market = make_market(supply=4000, maturity=3999, money=2**50, signed=False)
    rule, terms = PRICING[format](), Terms(0, HIGHEST, 1)
    got = []
    for title, bids in zip(process_genesis(market.state), bids_of(format, worth, law), strict=True):
        lot = market.house.offer_lot(title, format, terms)
        before = market.ledger.total(BURNED)
        for account, bid in enumerate(bids, 1):
            market.house.enter(market.offer(account, lot, bid), 0)
        market.house.clear_lots(rule, 0)
        got.append(market.ledger.total(BURNED) - before)
    difference = np.array(got) / ONE - np.sort(worth)[:, -2]
    assert [market.money(account)[1] for account in (1, 2, 3)] == [0, 0, 0]
    if format in ("second_price", "english"):
        assert np.abs(difference).max() < 2e-9
    else:
        assert abs(z(difference)) <= 4
