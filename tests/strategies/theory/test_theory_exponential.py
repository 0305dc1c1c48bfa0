"""Exponential rewards in closed form, held against quadrature."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from strategies.theory.expectation import ExponentialReward


@pytest.mark.parametrize("mean", [1e-6, 0.12, 1.0, 40.0])
@pytest.mark.parametrize("cost", [-2.0, -0.1, 0.0, 0.01, 0.5, 1.0, 3.0, 30.0])
def test_the_surplus_is_that_of_an_integral(mean, cost):
    """In means of the law, R = `mean` x with x standard exponential."""
    low = max(cost, 0.0)
    above, _ = integrate.quad(lambda x: (x - cost) * np.exp(-x), low, low + 60, epsabs=0, epsrel=1e-12)
    assert ExponentialReward(mean).surplus(cost * mean) == pytest.approx(mean * above, rel=1e-9)


def test_it_keeps_shapes():
    law = ExponentialReward(2.0)
    assert law.surplus(np.ones((2, 1, 3))).shape == (2, 1, 3)
    assert float(law.mean) == 2.0
    assert law.surplus(0.0) == 2.0


def test_quantiles_are_those_of_scipy():
    law, quantiles = ExponentialReward(0.3), np.linspace(0, 1, 11)
    assert law.ppf(quantiles) == pytest.approx(stats.expon(scale=0.3).ppf(quantiles))
    values = np.array([-1.0, 0.0, 0.1, 5.0])
    assert law.cdf(values) == pytest.approx(stats.expon(scale=0.3).cdf(values))


@pytest.mark.parametrize("mean", [0.0, -1.0, float("nan")])
def test_a_mean_above_nothing(mean):
    with pytest.raises(ValueError, match="it must be above 0"):
        ExponentialReward(mean)
