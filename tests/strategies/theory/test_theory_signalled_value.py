"""A common value and signals of it: MODEL section 9, P10."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pytest

from strategies.theory.laws import Array
from strategies.theory.signalled_value import LognormalPrior, SignalledValue, TwoBidders

PUBLISHED = [
    (0.905, 0.489, (0.665627, 0.655287, 0.616630), 0.798387),
    (0.5, 1.0, (0.727634, 0.712253, 0.685863), 0.836582),
]


@pytest.mark.parametrize(("sd", "noise", "ratios", "price"), PUBLISHED)
def test_two_bidders_in_closed_form_and_by_quadrature(
    sd: float, noise: float, ratios: tuple[float, ...], price: float
) -> None:
    closed = TwoBidders(sd, noise)
    solved = SignalledValue(LognormalPrior(sd), noise, 2)
    assert astuple(closed.paid_over_top) == pytest.approx(ratios, abs=1e-6)
    assert closed.price == pytest.approx(price, abs=1e-6)
    assert astuple(solved.paid_over_top) == pytest.approx(astuple(closed.paid_over_top), abs=1e-8)
    assert solved.second_price == pytest.approx(closed.price, abs=1e-9)


@pytest.mark.parametrize(("sd", "noise"), [(1.0, 0.01), (0.01, 1.0), (3.0, 0.2)])
def test_signals_that_tell_all_or_nothing(sd: float, noise: float) -> None:
    solved = SignalledValue(LognormalPrior(sd), noise, 2)
    assert solved.second_price == pytest.approx(TwoBidders(sd, noise).price, rel=1e-7)


@pytest.mark.parametrize(("noise", "correlation"), [(0.595234, 0.8400), (2.751942, 0.3125)])
def test_a_median_that_two_noises_have(noise: float, correlation: float) -> None:
    assert TwoBidders(0.905, noise).paid_over_top.median == pytest.approx(0.627, abs=1e-5)
    rng = np.random.default_rng(1)
    value = 0.905 * rng.standard_normal(300_000) - 0.905**2 / 2
    signals = value[:, None] + noise * rng.standard_normal((300_000, 2))
    sale = SignalledValue(LognormalPrior(0.905), noise, 2)
    paid = sale.bid(signals.min(axis=1), sale.tied)
    assert np.corrcoef(paid, np.exp(value))[0, 1] == pytest.approx(correlation, abs=0.015)


def test_three_bidders() -> None:
    solved = SignalledValue(LognormalPrior(0.905), 0.676, 3)
    assert solved.paid_over_top.median == pytest.approx(0.6820, abs=2e-4)
    assert solved.second_price == pytest.approx(0.8417, abs=1e-4)


@pytest.mark.parametrize(("buyers", "form"), [(2, "tied"), (4, "tied"), (2, "paid_as_bid"), (4, "paid_as_bid")])
def test_no_bid_as_of_another_signal_pays(buyers: int, form: str) -> None:
    """One of them bids a share of its bid more or less: on the same draws it earns less on average."""
    sale = SignalledValue(LognormalPrior(0.905), 0.6, buyers)
    rng = np.random.default_rng(2)
    value = 0.905 * rng.standard_normal(200_000) - 0.905**2 / 2
    signals = value[:, None] + 0.6 * rng.standard_normal((200_000, buyers))
    bids = sale.bid(signals, getattr(sale, form))
    earned = profit(bids, np.exp(value), form)
    for factor in (0.8, 1.2):
        lost = earned - profit(np.column_stack([factor * bids[:, 0], bids[:, 1:]]), np.exp(value), form)
        assert lost.mean() > 2 * lost.std() / 200_000**0.5


def profit(bids: Array, value: Array, form: str) -> Array:
    """Of the first bidder."""
    rival = bids[:, 1:].max(axis=1)
    paid = rival if form == "tied" else bids[:, 0]
    return np.where(bids[:, 0] > rival, value - paid, 0)


def test_first_price_brings_less_and_both_less_than_the_value() -> None:
    for buyers in (2, 5):
        sale = SignalledValue(LognormalPrior(0.905), 0.6, buyers)
        assert 0 < sale.first_price < sale.second_price < 1
