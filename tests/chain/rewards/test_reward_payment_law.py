"""The laws of payments against exact inversion, their published quantiles and their means."""

import math

import numpy as np
import pytest
from scipy import optimize
from scipy.special import log_ndtr, ndtr

from chain.rewards import payments_2023, payments_2026
from chain.rewards.payments_2023 import PAYMENTS_2023
from chain.rewards.payments_2026 import PAYMENTS_2026

LAWS = {"2023": PAYMENTS_2023, "2026": PAYMENTS_2026}
JOINT = PAYMENTS_2023.normal_score(payments_2023.TAIL_START)
Z = np.arange(-9, 14, 1e-3)
DENSITY = np.exp(-(Z**2) / 2) / math.sqrt(2 * math.pi) * 1e-3


def exact_2023(z):
    """The quantile from SciPy's own normal law, by root finding in body and tail."""
    law = payments_2023
    w, mu, sd = np.array(law.MIXTURE).T
    scale = 1 / (w @ ndtr((math.log(law.TAIL_START) - mu) / sd)) * (1 - law.TAIL_SHARE)

    def log_above(y):
        excess = (math.exp(y) - law.TAIL_START) / law.TAPER
        return math.log(law.TAIL_SHARE) - law.TAIL_INDEX * (y - math.log(law.TAIL_START)) - excess

    if z >= JOINT:
        return math.exp(optimize.brentq(lambda y: log_above(y) - log_ndtr(-z), 0.5, 12, xtol=1e-13))
    body = lambda y: math.log(scale * (w @ ndtr((y - mu) / sd))) - log_ndtr(z)  # noqa: E731
    return math.exp(optimize.brentq(body, -16, 1, xtol=1e-13))


def test_the_table_of_2023_is_exact_to_a_millionth():
    scores = np.concatenate([np.linspace(-9, 9, 400), JOINT + np.linspace(-0.01, 0.01, 50)])
    exact = np.array([exact_2023(z) for z in scores])
    np.testing.assert_allclose(PAYMENTS_2023.payments_at(scores), exact, rtol=1e-6)


def test_the_table_of_2026_goes_through_its_points():
    payments, shares = np.array(payments_2026.SURVIVAL).T
    scores = np.array([PAYMENTS_2026.normal_score(payment) for payment in payments])
    np.testing.assert_allclose(ndtr(-scores), shares, rtol=1e-9)
    np.testing.assert_allclose(PAYMENTS_2026.payments_at(scores), payments, rtol=1e-9)


def test_between_its_points_the_law_of_2026_is_straight_in_logs():
    payments, shares = np.array(payments_2026.SURVIVAL).T
    middle = np.sqrt(payments[1:] * payments[:-1])
    between = np.sqrt(shares[1:] * shares[:-1])
    scores = np.array([PAYMENTS_2026.normal_score(payment) for payment in middle])
    np.testing.assert_allclose(ndtr(-scores), between, rtol=1e-9)


def test_the_last_points_of_2026_fall_with_its_index():
    payments, shares = np.log(np.array(payments_2026.SURVIVAL)[-10:]).T
    assert -np.polyfit(payments, shares, 1)[0] == pytest.approx(payments_2026.TAIL_INDEX, abs=1e-5)


def test_body_and_tail_meet():
    assert pytest.approx(2.5758293035489) == JOINT
    below, at, above = PAYMENTS_2023.payments_at(np.array([JOINT - 1e-9, JOINT, JOINT + 1e-9]))
    assert below < at < above
    assert at == pytest.approx(payments_2023.TAIL_START, rel=1e-12)
    assert above / below == pytest.approx(1, abs=1e-7)


@pytest.mark.parametrize("payment", [1e-3, 0.0539, 1.679, 1.68, 5.72768, 102.9, 566.4, 5000.0])
@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
def test_score_and_payment_are_inverse(law, payment):
    assert law.payments_at(np.array([law.normal_score(payment)]))[0] == pytest.approx(payment, rel=1e-6)


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
def test_scores_rise_with_payments(law):
    scores, logs = law._table
    assert (np.diff(scores) > 0).all()
    assert (np.diff(logs) > 0).all()


QUANTILES = {
    "2023": (
        *((0.01, 0.01125, 0.03), (0.05, 0.01673, 0.01), (0.10, 0.02111, 0.01), (0.25, 0.03210, 0.01)),
        *((0.50, 0.05390, 0.01), (0.75, 0.09771, 0.01), (0.90, 0.18460, 0.02), (0.95, 0.29339, 0.05)),
        *((0.99, 0.96264, 0.04), (0.999, 5.72768, 0.04)),
    ),
    "2026": (
        *((0.01, 0.00303, 0.002), (0.05, 0.00428, 0.002), (0.10, 0.00505, 0.002), (0.25, 0.00678, 0.002)),
        *((0.50, 0.01029, 0.002), (0.75, 0.01928, 0.002), (0.90, 0.0413, 0.002), (0.95, 0.0686, 0.002)),
        *((0.99, 0.2265, 0.002), (0.999, 1.385, 0.002)),
    ),
}


@pytest.mark.parametrize(
    ("period", "share", "published", "within"),
    [(period, *row) for period, rows in QUANTILES.items() for row in rows],
)
def test_published_quantiles(period, share, published, within):
    """How far the law is from the 1,178,041 payments of the one period, the 935,314 of the other."""
    z = optimize.brentq(lambda z: ndtr(z) - share, -8, 8)
    assert LAWS[period].payments_at(np.array([z]))[0] == pytest.approx(published, rel=within)


@pytest.mark.parametrize(("period", "mean"), [("2023", 0.122561), ("2026", 0.0284)])
def test_the_mean_is_the_published_one(period, mean):
    assert LAWS[period].payments_at(Z) @ DENSITY == pytest.approx(mean, rel=1e-4)
    assert mean == {"2023": payments_2023, "2026": payments_2026}[period].MEAN


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
def test_the_tail_ends_where_payments_do(law):
    """Less than a ten-thousandth of the mean lies in blocks above 10,000 ETH, and the variance is finite."""
    payments = law.payments_at(Z)
    parts = payments * DENSITY
    assert parts[payments > 10_000].sum() < 1e-4 * parts.sum()
    squares = payments**2 * DENSITY
    assert squares[Z > 8].sum() < 1e-3 * squares.sum()
