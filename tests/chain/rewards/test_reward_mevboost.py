"""The generator against its published figures, and its outlook against adaptive integrals and draws."""

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy import integrate
from scipy.special import ndtr

from chain.rewards import MevBoost, MevBoost2026, RewardPath
from chain.rewards import mevboost as generator
from chain.rewards.mevboost import MevBoostOutlook
from chain.rewards.payments_2023 import PAYMENTS_2023

DAY, RUNS = 7200, 300
normal_score, payments_at = PAYMENTS_2023.normal_score, PAYMENTS_2023.payments_at


def known(block, reward, score):
    """What is public at a 12 s block of the first period."""
    return MevBoostOutlook(block, reward, "2023", 1.0, 12.0, score)


@pytest.fixture(scope="module")
def payments():
    """Two days of each of many independent runs, in ETH."""
    runs = []
    for seed in range(RUNS):
        draws = MevBoost().start(np.random.default_rng([20, seed]))
        runs.append(np.concatenate([draws.next_chunk() for _ in range(4)])[: 2 * DAY])
    return np.array(runs) / 1e9


def z_of(by_run, expected):
    """How many standard errors the mean over independent runs is from `expected`."""
    return (by_run.mean() - expected) / (by_run.std(ddof=1) / math.sqrt(len(by_run)))


def test_shares_add_up():
    assert generator.NOISE_SHARE + sum(share for share, _ in generator.MEMORY) == pytest.approx(1)
    assert len(generator.HOUR_EFFECT) == 24


@pytest.mark.parametrize("payment", [0.01125, 0.01673, 0.0539, 0.1846, 0.29339, 0.96264, 1.67956, 5.72768])
def test_payments_have_the_law_over_a_day(payments, payment):
    """The share below each published quantile. 8 z-tests of |z| ≤ 4 over runs: false-alarm rate 5e-4."""
    scores = (normal_score(payment) - np.array(generator.HOUR_EFFECT)) / generator.SPREAD
    assert abs(z_of((payments < payment).mean(axis=1), ndtr(scores).mean())) <= 4


def test_the_hour_effect(payments):
    """Mean normal score in each hour. 24 z-tests of |z| ≤ 4 over runs: false-alarm rate 1.5e-3."""
    scores = np.vectorize(normal_score)(payments[:, ::60])
    hour = np.arange(0, 2 * DAY, 60) // 300 % 24
    for h, effect in enumerate(generator.HOUR_EFFECT):
        assert abs(z_of(scores[:, hour == h].mean(axis=1), effect)) <= 4


@pytest.mark.parametrize(
    ("lag", "published"),
    [(1, 0.324), (5, 0.239), (10, 0.218), (32, 0.183), (100, 0.161), (1000, 0.098), (7200, 0.086)],
)
def test_the_log_payment_remembers(payments, lag, published):
    """Within .035 of the data: .015 is the generator's own distance (it is fitted to normal scores), .02 is
    four standard errors over the runs, as the slowest part hardly changes within one."""
    logs = np.log(payments)
    deviation = logs - logs.mean()
    products = deviation[:, lag : DAY + lag] * deviation[:, :DAY]
    assert products.mean() / logs.var() == pytest.approx(published, abs=0.035)


def test_the_top_1_percent_hold_a_third(payments):
    """Published: 31 %. The tail is heavy, so by the median of sets of some 100,000 blocks."""
    shares = []
    for some in np.array_split(payments, 40):
        ordered = np.sort(some, axis=None)
        shares.append(ordered[-(ordered.size // 100) :].sum() / ordered.sum())
    assert np.median(shares) == pytest.approx(0.31, abs=0.05)


def test_the_mean_over_a_day():
    """Exact, by quadrature: .1220 ETH, half a percent below that of the law: hours are no normal."""
    path = RewardPath(MevBoost(), np.random.default_rng(0))
    mean = np.mean([path.outlook().expected_reward(300 * hour) for hour in range(24)]) / 1e9
    assert mean == pytest.approx(0.1220, abs=2e-4)
    assert mean == pytest.approx(0.122561, rel=0.006)


def adaptive_surplus(mean, sd, cost):
    """`E[(R - cost)+]` in ETH, the normal score being normal with `mean` and `sd`."""
    density = lambda z: math.exp(-(((z - mean) / sd) ** 2) / 2) / (sd * math.sqrt(2 * math.pi))  # noqa: E731
    excess = lambda z: max(payments_at(np.array([z]))[0] - cost, 0) * density(z)  # noqa: E731
    start = normal_score(cost) if cost else -9.0
    ends = [start, *(z for z in (2.5758293, 4, 6, 8, 14) if z > start)]
    return sum(integrate.quad(excess, a, b, epsrel=1e-5, limit=100)[0] for a, b in pairwise(ends))


@pytest.mark.parametrize("score", [None, -2.0, 0.3, 2.6, 5.0])
@pytest.mark.parametrize("lag", [1, 4000])
def test_the_outlook_is_the_integral(score, lag):
    """Within .2 %, whatever the cost: the grid's step is what limits it, at costs in the far tail."""
    at = -1 if score is None else 100
    outlook = known(at, None if score is None else 1, score)
    h = generator.HOUR_EFFECT[(at + lag) // 300 % 24]
    rho = sum(share * math.exp(-lag / blocks) for share, blocks in generator.MEMORY) if score else 0.0
    mean = h + rho * ((score or 0) - generator.HOUR_EFFECT[0])
    for cost in (0.0, 0.05, 2.0, 500.0):
        exact = adaptive_surplus(mean, generator.SPREAD * math.sqrt(1 - rho**2), cost)
        assert outlook.expected_surplus(at + lag, cost * 1e9) == pytest.approx(exact * 1e9, rel=2e-3)


def test_the_outlook_is_right_on_average_given_the_last_reward(payments):
    """`min(max(R - .05, 0), .45)`, a difference of two surpluses, has a variance where R has none.

    After a low, a middling and a high R_t; 3 z-tests of |z| ≤ 4 over runs: false-alarm rate 1.9e-4.
    """
    at = np.arange(50, 290, 20)  # in hour 0
    now, then = payments[:, at], payments[:, at + 1]

    def expected(payment):
        outlook = known(50, 1, normal_score(payment))
        return (outlook.expected_surplus(51, 0.05e9) - outlook.expected_surplus(51, 0.5e9)) / 1e9

    miss = np.clip(then - 0.05, 0, 0.45) - np.vectorize(expected)(now)
    low, high = np.quantile(now, [0.2, 0.8])
    for kind in (now < low, (now >= low) & (now < high), now >= high):
        assert abs(z_of((miss * kind).sum(axis=1), 0)) <= 4


def test_the_outlook_reads_the_score_off_the_reward():
    path = RewardPath(MevBoost(), np.random.default_rng(4))
    for _ in range(5000):
        reward = path.advance()
    assert path.outlook().score == pytest.approx(normal_score(reward / 1e9), abs=1e-5)


def test_shorter_slots_stretch_the_day():
    rng = np.random.default_rng(4)
    slow, fast = (RewardPath(MevBoost(slot_seconds=s), rng).outlook() for s in (12.0, 6.0))
    assert slow.expected_reward(300 * 16) == fast.expected_reward(600 * 16)
    assert slow.expected_reward(300 * 16) > 2 * slow.expected_reward(300 * 6)


def test_a_scale_multiplies_every_reward_and_what_is_expected_of_them():
    plain, double = (RewardPath(MevBoost2026(scale=scale), np.random.default_rng(3)) for scale in (1.0, 2.0))
    for _ in range(50):
        reward, twice = plain.advance(), double.advance()
        assert abs(twice - 2 * reward) <= 1
        for block, cost in ((plain.block + 1, 0.0), (plain.block + 40, 5e6)):
            expected = 2 * plain.outlook().expected_surplus(block, cost)
            assert double.outlook().expected_surplus(block, 2 * cost) == pytest.approx(expected, rel=1e-12)


def test_payments_of_2026_are_a_fifth_of_those_of_2023():
    then, now = (RewardPath(kind(), np.random.default_rng(3)) for kind in (MevBoost, MevBoost2026))
    ratios = [now.advance() / then.advance() for _ in range(4000)]
    assert 0.15 < np.median(ratios) < 0.25
    means = [np.mean([p.outlook().expected_reward(300 * h + p.block + 1) for h in range(24)]) for p in (then, now)]
    assert 0.2 < means[1] / means[0] < 0.27
