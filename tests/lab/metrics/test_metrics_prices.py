"""Price series, volatility and Garman–Klass, against figures worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from experiments import measure, run
from experiments.lab.metrics.prices import (
    change_variance,
    garman_klass,
    log_returns,
    ohlc,
    sale_mean,
    series,
    volatility,
)

ETH = 10**9
NAN = math.nan


def trades(*rows):
    """Sales: slot, market, price in ETH."""
    frame = pd.DataFrame(rows, columns=["slot", "market", "price"])
    return frame.assign(price_gwei=(frame.price * ETH).astype("int64"), market=frame.market.astype("category"))


SALES = trades((0, "secondary", 9), (1, "primary", 2), (1, "primary", 3), (4, "primary", 1), (4, "block", 7))


def test_the_last_price_of_a_slot_is_carried_forward():
    np.testing.assert_array_equal(series(SALES, 6), [NAN, 3, 3, 3, 1, 1])
    np.testing.assert_array_equal(series(SALES, 3, "secondary"), [9, 9, 9])


def test_genesis_gives_slot_0_its_price():
    sold = trades((-1, "primary", 5), (-1, "primary", 4), (2, "primary", 0))
    np.testing.assert_array_equal(series(sold, 4), [4, 4, 0, 0])


def test_a_market_without_sales_has_no_price():
    assert np.isnan(series(SALES[:1], 3)).all()
    assert sale_mean(SALES[:1], "primary") is None


def test_mean_over_sales():
    assert sale_mean(SALES, "primary") == 2
    assert sale_mean(SALES, "block") == 7


def test_returns_and_volatility():
    prices = [NAN, 1, 2, 8, 8]
    assert log_returns(prices) == pytest.approx([math.log(2), math.log(4), 0])
    # of ln 2 times 1, 2, 0: the sample standard deviation is ln 2
    assert volatility(prices) == pytest.approx(math.log(2), rel=1e-12)


def test_no_return_from_or_to_a_price_of_0():
    assert log_returns([1, 0, 2, 4]) == pytest.approx([math.log(2)])
    assert volatility([1, 0, 2, 4]) is None


def test_variance_of_changes():
    assert change_variance([NAN, 1, 2, 2, 5]) == pytest.approx(14 / 9)  # of 1, 0, 3: 10/3 − (4/3)²
    assert change_variance([3]) is None


def test_ohlc():
    bars = ohlc([2, 4, 1, 3, NAN, 5, NAN, NAN, NAN, 6], epoch=3)
    np.testing.assert_array_equal(bars, [(2, 4, 1, 1), (3, 5, 3, 5), (6, 6, 6, 6)])
    np.testing.assert_array_equal(ohlc([2, 4], 1), [(2, 2, 2, 2), (4, 4, 4, 4)])
    with pytest.raises(ValueError, match="epoch is 0"):
        ohlc([1], 0)


def test_garman_klass():
    """Two epochs: ln(H/L) = 2 ln 2 and ln(C/O) = −ln 2, then 0 and 0."""
    known = math.sqrt((math.log(2) ** 2 * (2 - (2 * math.log(2) - 1))) / 2)
    assert garman_klass([2, 4, 1, 3, 3, 3], epoch=3) == pytest.approx(known, rel=1e-12)
    assert garman_klass([2.0] * 100) == 0


def test_garman_klass_of_a_random_walk():
    """Of a driftless random walk it is its standard deviation over an epoch; sampling the range in 400 steps
    biases it by a few per cent downwards. Its own standard error is sqrt(0.27 / epochs) / 2 of it (Garman and
    Klass 1980).
    """
    rng, epochs, steps, sigma = np.random.default_rng(5), 4_000, 400, 0.1
    walks = np.exp(np.cumsum(rng.normal(0, sigma / math.sqrt(steps), (epochs, steps)), axis=1))
    estimate = garman_klass(walks.ravel(), epoch=steps)
    assert estimate is not None
    assert 0.93 * sigma < estimate < 1.01 * sigma


def test_garman_klass_without_positive_prices():
    assert garman_klass([NAN, NAN]) is None
    assert garman_klass([0, 1, 2], epoch=3) is None
    assert garman_klass([0, 1, 2, 2], epoch=2) == 0  # the first epoch is left out


def test_the_variance_of_changes_begins_at_what_handed_out_tickets_cost(tmp_path):
    buyers = {"strategy": "truthful", "role": "buyer", "count": 3}
    genesis = {"handed_out": 0.5, "price_eth": 2.0}
    config = {"chain": {"draw": "lottery", "supply": 9}, "market": {"genesis": genesis}, "agents": [buyers]}
    result = run(config, blocks=20, signatures="off", out=tmp_path / "run")
    prices = series(result.trades, 20)
    assert measure(result)["price_change_variance"] == pytest.approx(np.diff([2.0, *prices]).var(), rel=1e-12)
