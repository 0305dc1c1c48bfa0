"""Order statistics by quadrature over quantiles, by the integral of MODEL section 4 and by simulation."""

import numpy as np
import pytest
from scipy import stats

from strategies.theory.laws import Continuous, Empirical, NetValue, PosteriorMean
from strategies.theory.order_statistics import expected_at_rank, kth_highest, kth_lowest, second_lowest

UNIFORM = Continuous(stats.uniform())
COST = Continuous(stats.uniform(0.1, 0.4))
BETA = Continuous(stats.beta(2, 5, loc=0.1, scale=0.4))
TRUNCATED = Continuous(stats.truncnorm(-1, 2, loc=0.3, scale=0.1))
SAMPLE = Empirical([0.3, 0.1, 0.3, 0.45, 0.2])
LAWS = [UNIFORM, COST, BETA, TRUNCATED, SAMPLE, PosteriorMean(BETA, 0.3), PosteriorMean(SAMPLE, 0.6)]


@pytest.mark.parametrize(("draws", "rank"), [(1, 1), (2, 1), (5, 2), (8, 8), (200, 2)])
def test_ranks_of_uniform_draws_are_evenly_spaced(draws: int, rank: int) -> None:
    assert kth_lowest(UNIFORM, draws, rank) == pytest.approx(rank / (draws + 1), rel=1e-11)
    assert kth_highest(UNIFORM, draws, rank) == pytest.approx(1 - rank / (draws + 1), rel=1e-11)


@pytest.mark.parametrize("draws", [1, 2, 7])
def test_the_lowest_of_exponential_draws_has_an_nth_of_the_mean(draws: int) -> None:
    law = Continuous(stats.expon(scale=3))
    assert kth_lowest(law, draws, 1) == pytest.approx(3 / draws, rel=1e-9)
    assert kth_highest(law, draws, 1) == pytest.approx(3 * sum(1 / k for k in range(1, draws + 1)), rel=1e-8)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: type(law).__name__)
@pytest.mark.parametrize("draws", [2, 3, 10])
def test_the_second_lowest_is_the_same_in_values_and_in_quantiles(law: Continuous, draws: int) -> None:
    assert second_lowest(law, draws) == pytest.approx(kth_lowest(law, draws, 2), abs=1e-9)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: type(law).__name__)
def test_the_ranks_of_n_draws_add_up_to_n_means(law: Continuous) -> None:
    total = sum(kth_lowest(law, 6, rank) for rank in range(1, 7))
    assert total == pytest.approx(6 * law.mean(), rel=1e-9)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: type(law).__name__)
def test_the_second_lowest_agrees_with_simulation(law: Continuous) -> None:
    draws = np.sort(law.ppf(np.random.default_rng(7).random((40_000, 5))), axis=1)[:, 1]
    error = draws.std(ddof=1) / np.sqrt(draws.size)
    assert abs(draws.mean() - second_lowest(law, 5)) <= 4 * error


def test_a_sample_takes_the_exact_mean_over_all_equally_likely_draws() -> None:
    values = np.array([0.3, 0.1, 0.3, 0.45, 0.2])
    triples = np.stack(np.meshgrid(values, values, values), axis=-1).reshape(-1, 3)
    assert kth_lowest(SAMPLE, 3, 2) == pytest.approx(np.sort(triples, axis=1)[:, 1].mean(), rel=1e-12)


def test_a_function_of_a_rank_is_averaged() -> None:
    square = expected_at_rank(lambda value: value**2, UNIFORM, 4, 2)
    assert square == pytest.approx(2 * 3 / (5 * 6), rel=1e-12)


def test_quantiles_and_chances_invert_each_other() -> None:
    level = np.array([0.05, 0.2, 0.5, 0.77, 0.99])
    for law in (BETA, NetValue(BETA, 1.0, 0.9)):
        np.testing.assert_allclose(law.cdf(law.ppf(level)), level, rtol=1e-9)
    np.testing.assert_array_equal(SAMPLE.ppf([0.2, 0.21, 0.8, 0.81, 1.0]), [0.1, 0.2, 0.3, 0.45, 0.45])
    np.testing.assert_array_equal(PosteriorMean(COST, 0.0).ppf(level), np.full(5, COST.mean()))


def test_a_net_value_mirrors_the_cost() -> None:
    value = NetValue(SAMPLE, 1.0, 0.5)
    assert value.atoms() == pytest.approx((0.275, 0.35, 0.4, 0.45))
    assert value.support() == pytest.approx((0.275, 0.45))
    assert kth_highest(value, 4, 2) == pytest.approx(0.5 * (1 - second_lowest(SAMPLE, 4)), rel=1e-12)
    assert float(value.cdf(0.35)) == pytest.approx(0.2 + 0.4)


def test_what_has_no_meaning_is_refused() -> None:
    with pytest.raises(ValueError, match="rank must lie between 1"):
        kth_lowest(UNIFORM, 3, 4)
    with pytest.raises(ValueError, match="draws must be at least 2"):
        second_lowest(UNIFORM, 1)
    with pytest.raises(ValueError, match="bounded"):
        second_lowest(Continuous(stats.norm()), 3)
    with pytest.raises(ValueError, match="at least one value"):
        Empirical([])
    with pytest.raises(ValueError, match="no density"):
        Continuous(stats.poisson(3))
    with pytest.raises(ValueError, match="below the highest cost"):
        NetValue(COST, 0.4)
