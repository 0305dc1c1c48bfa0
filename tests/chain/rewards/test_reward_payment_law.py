"""The payments' law against exact inversion, its published quantiles and its mean."""

import math

import numpy as np
import pytest
from scipy import optimize
from scipy.special import log_ndtr, ndtr

from chain.rewards import payment_law as law
from chain.rewards.process import MAX_ETH

JOINT = law.normal_score(law.TAIL_START)


def exact_payment(z):
    """The quantile from SciPy's own normal law: the tail in closed form, the body by root finding."""
    if z >= JOINT:
        log_share = math.log(law.TAIL_SHARE) - log_ndtr(-z)
        return law.TAIL_START * math.exp(log_share / law.TAIL_INDEX)
    w, mu, sd = np.array(law.MIXTURE).T
    share = 1 / (w @ ndtr((math.log(law.TAIL_START) - mu) / sd)) * (1 - law.TAIL_SHARE)
    miss = lambda y: math.log(share * (w @ ndtr((y - mu) / sd))) - log_ndtr(z)  # noqa: E731
    return math.exp(optimize.brentq(miss, -16, 1, xtol=1e-13))


def test_the_table_is_exact_to_a_millionth():
    scores = np.concatenate([np.linspace(-9, 7.8, 400), JOINT + np.linspace(-0.01, 0.01, 50)])
    exact = np.array([exact_payment(z) for z in scores])
    np.testing.assert_allclose(law.payments_at(scores), exact, rtol=1e-6)


def test_body_and_tail_meet():
    assert pytest.approx(2.5758293035489) == JOINT
    below, at, above = law.payments_at(np.array([JOINT - 1e-9, JOINT, JOINT + 1e-9]))
    assert below < at < above
    assert at == pytest.approx(law.TAIL_START, rel=1e-12)
    assert above / below == pytest.approx(1, abs=1e-7)


@pytest.mark.parametrize("payment", [1e-4, 0.0539, 1.679, 1.68, 5.72768, 566.4, 1e6])
def test_score_and_payment_are_inverse(payment):
    assert law.payments_at(np.array([law.normal_score(payment)]))[0] == pytest.approx(payment, rel=1e-6)


def test_the_tail_is_pareto_to_its_end():
    scores = np.array([law.normal_score(payment) for payment in (2.0, 20.0, 2e3, 2e6, 2e9)])
    shares = law.TAIL_SHARE * (np.array([2.0, 20.0, 2e3, 2e6, 2e9]) / law.TAIL_START) ** -law.TAIL_INDEX
    np.testing.assert_allclose(log_ndtr(-scores), np.log(shares), rtol=1e-12)
    assert law.payments_at(np.array([8.0, 30.0])) == pytest.approx(MAX_ETH)


@pytest.mark.parametrize(
    ("share", "published", "within"),
    [
        (0.01, 0.01125, 0.03),
        (0.05, 0.01673, 0.01),
        (0.10, 0.02111, 0.01),
        (0.25, 0.03210, 0.01),
        (0.50, 0.05390, 0.01),
        (0.75, 0.09771, 0.01),
        (0.90, 0.18460, 0.02),
        (0.95, 0.29339, 0.05),
        (0.99, 0.96264, 0.04),
        (0.999, 5.72768, 0.04),
    ],
)
def test_published_quantiles(share, published, within):
    """How far three lognormals and a Pareto tail are from the 1,178,041 payments."""
    z = optimize.brentq(lambda z: ndtr(z) - share, -8, 8)
    assert law.payments_at(np.array([z]))[0] == pytest.approx(published, rel=within)


def test_the_mean_is_the_published_one_but_for_the_tail():
    z = np.arange(-9, 14, 1e-3)
    parts = law.payments_at(z) * np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi) * 1e-3
    assert parts[z < JOINT].sum() == pytest.approx(0.0897, abs=2e-4)
    assert parts.sum() == pytest.approx(0.1282, abs=2e-4)
    assert parts.sum() == pytest.approx(0.122561, rel=0.05)
