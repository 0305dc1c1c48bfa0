"""Revenue equivalence: with values U[0, 1], no reserve and equilibrium bids all four formats bring the same."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from market.auctions import FORMATS, Offer, Terms

SALES = 20_000
ONE = 10**9  # a value of 1, Gwei


@cache
def revenues(format: str, count: int) -> np.ndarray:
    """What so many sales bring, values in units of 1; the values are the same in every format.

    Bids: the value where the second price is paid; where the first is, b(v) = v (n − 1)/n (Krishna 2010, 2.3).
    """
    values = np.random.default_rng(17).random((SALES, count))
    truthful = format in ("second_price", "english")
    bids = np.round(values * (1 if truthful else (count - 1) / count) * ONE).astype(int).tolist()
    terms, clear = Terms(0, ONE, 1), FORMATS[format].clear
    awards = [clear(terms, [Offer(bidder, bid) for bidder, bid in enumerate(row)]) for row in bids]
    return np.array([award.price for award in awards]) / ONE


def z(sample: np.ndarray, mean: float = 0.0) -> float:
    return float((sample.mean() - mean) / (sample.std(ddof=1) / np.sqrt(len(sample))))


@pytest.mark.parametrize("count", [2, 5])
@pytest.mark.parametrize("format", FORMATS)
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
