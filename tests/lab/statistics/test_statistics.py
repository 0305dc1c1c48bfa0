"""What a sample says of a mean and a median: intervals, their levels, and when there is none."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from experiments.lab.statistics import (
    ONE_DRAW,
    Sampling,
    UpperTail,
    describe,
    is_above,
    is_below,
    largest_of,
    median_interval,
    pooled,
    tail_of,
)
from experiments.lab.statistics.skewness import draws_are_rough, means_are_rough

MEANS = Sampling(1000)


def test_the_interval_of_a_mean_is_student_s_however_heavy_the_sample():
    values = np.array([0.1, 0.2, 0.3, 0.4, 9.0])
    found = describe(values, MEANS)
    expected = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert (found["low"], found["high"]) == pytest.approx(tuple(expected))
    assert found["level"] == 0.95
    assert found["sd"] == pytest.approx(values.std(ddof=1))
    assert found["se"] == pytest.approx(stats.sem(values))


@pytest.mark.parametrize(
    ("count", "rank", "level"),
    [(2, 1, 0.5), (5, 1, 0.9375), (6, 1, 0.96875), (10, 2, 0.978515625), (30, 10, 0.957226)],
)
def test_the_interval_of_a_median_is_binomial_and_tells_its_level(count, rank, level):
    values = np.random.default_rng(1).permutation(count) + 1.0
    found = median_interval(values)
    assert found == (rank, count + 1 - rank, pytest.approx(level, abs=1e-6))


@pytest.mark.parametrize("count", [8, 17, 30, 101])
def test_that_of_a_median_is_the_one_of_scipy_s_quantile_test(count):
    values = np.random.default_rng(count).exponential(size=count)
    low, high, level = median_interval(values)
    expected = stats.quantile_test(values, p=0.5).confidence_interval(0.95)
    assert (low, high) == (expected.low, expected.high)
    assert level >= 0.95


def test_a_single_value_has_no_interval():
    found = describe(np.array([3.0]), MEANS)
    assert (found["mean"], found["median"]) == (3.0, 3.0)
    assert [found[key] for key in ("sd", "se", "low", "high", "level", "median_low", "median_level")] == [None] * 7
    assert found["reason"] == "a single value has no spread"


def test_hill_s_index_is_that_of_the_largest_values():
    sample = np.random.default_rng(2).permutation(1.0 + np.arange(1000))
    tail = tail_of(sample)
    assert tail.kept == 10
    assert tail.hill == pytest.approx(1 / np.log(np.arange(991, 1001) / 990).mean())
    low, high = tail.interval()
    assert (low, high) == pytest.approx(tuple(tail.hill * stats.gamma(10, scale=0.1).ppf([0.025, 0.975])))


def test_the_interval_of_hill_s_index_holds_it():
    """Pareto tails of 1.5, five runs pooled: 400 intervals of 95 %. False-alarm rate 1e-3."""
    rng = np.random.default_rng(3)
    hits = 0
    for _ in range(400):
        tail = pooled(largest_of(rng.pareto(1.5, 1000) + 1) for _ in range(5))
        low, high = tail.interval()
        hits += low <= 1.5 <= high
    assert 0.91 <= hits / 400 <= 0.98


def test_several_runs_have_the_tail_of_all_their_values():
    """Also where one run has most of the largest; where it has more than it keeps, fewer count."""
    rng = np.random.default_rng(4)
    even = [rng.pareto(1.5, 1000) + 1 for _ in range(4)]
    assert pooled(map(largest_of, even)) == pytest.approx(tail_of(np.concatenate(even)), rel=1e-6)
    uneven = [even[0], 10 * even[1], even[2]]
    assert pooled(map(largest_of, uneven)) == pytest.approx(tail_of(np.concatenate(uneven)), rel=1e-6)
    apart = pooled(map(largest_of, [*even, 1000 * even[1]]))
    top = np.log(np.sort(even[1])[:-51:-1])
    assert apart == (5000, 49, pytest.approx((top[:49] - top[49]).sum()))


def test_values_that_are_not_above_0_are_never_in_the_tail():
    assert tail_of(np.array([-1.0, 0.0] * 200 + [5.0, np.nan])) == UpperTail(401, 0, 0.0)
    assert tail_of(np.zeros(500)) == UpperTail(500)
    assert tail_of(np.full(500, 2.0)).hill is None


def heavy(index: float, kept: int = 200) -> Sampling:
    return Sampling(1000, UpperTail(100 * kept, kept, kept / index))


def test_a_heavy_tail_leaves_the_mean_without_an_interval():
    found = describe(np.array([1.0, 2.0, 2.5, 4.0, 5.0, 6.0]), heavy(1.3))
    assert [found[key] for key in ("low", "high", "se", "level")] == [None] * 4
    assert found["tail_index"] == pytest.approx(1.3)
    assert found["tail_low"] < 1.3 < found["tail_high"]
    assert found["reason"].startswith(
        "Hill's index of the largest 1 % of values (200 of 20,000) is 1.30 [1.13, 1.49], below 2"
    )
    assert (found["median_low"], found["median_high"]) == (1.0, 6.0)
    assert is_above(found)
    assert not is_below(found)


def test_a_tail_that_may_be_heavy_leaves_a_rough_interval():
    values = np.array([1.0, 2.0, 2.5, 4.0, 5.0, 6.0])
    assert describe(values, heavy(2.4, kept=20))["rough"]
    assert not describe(values, heavy(2.4, kept=2000))["rough"]
    assert describe(values, heavy(1.9, kept=20))["low"] is None


def test_what_is_alike_in_every_run_is_certain_whatever_the_tail():
    found = describe(np.full(4, 2.0), heavy(1.3))
    assert (found["low"], found["high"], found["rough"], found["reason"]) == (2.0, 2.0, False, None)


def test_differences_have_the_heavier_tail_and_the_fewer_terms():
    assert heavy(2.5).less(Sampling(300, heavy(1.4).tail)) == Sampling(300, heavy(1.4).tail)
    assert heavy(2.5).less(MEANS).tail == heavy(2.5).tail
    assert MEANS.less(ONE_DRAW) == ONE_DRAW


def skewed(count: int, skew: float) -> np.ndarray:
    """Values whose G1 is about `skew`: quantiles of a gamma law, bent until they have it."""
    shares = (np.arange(count) + 0.5) / count
    scales = np.linspace(0.01, 3, 600)
    found = [np.exp(scale * stats.norm.ppf(shares)) for scale in scales]
    return min(found, key=lambda values: abs(stats.skew(values, bias=False) - skew))


def test_a_draw_a_run_has_to_show_that_it_is_not_skewed():
    """Cochran's n > 25 γ², one standard error of γ added: .427 of 30 values, .687 of 10."""
    assert draws_are_rough(skewed(30, 0.75))
    assert not draws_are_rough(skewed(30, 0.6))
    assert draws_are_rough(np.array([-1.0, -0.5, 0.0, 0.5, 1.0]))
    assert draws_are_rough(np.array([0.0, 1.0]))


def test_a_mean_over_many_is_rough_where_its_sample_is_skewed_for_sure():
    """1.645 standard errors less: from 1.095 + .702 on of 30 values."""
    assert not means_are_rough(skewed(30, 1.7))
    assert means_are_rough(skewed(30, 1.9))
    assert not means_are_rough(np.array([0.0, 1.0]))


def test_the_reason_of_a_rough_interval_is_told():
    values = skewed(30, 2.5)
    assert describe(values)["reason"] == "each value is one draw; 30 do not show that they are not skewed"
    few = "each value is over 199 blocks or sales, fewer than 200; 30 do not show that they are not skewed"
    assert describe(values, Sampling(199))["reason"] == few
    assert describe(values, MEANS)["reason"] == "skewness 2.5 of 30 means over 1,000 each"


def test_a_sign_is_told_by_the_median_only_where_that_is_sure_enough():
    assert is_above(describe(np.arange(1.0, 6.0), heavy(1.2)))
    assert not is_above(describe(np.arange(1.0, 5.0), heavy(1.2)))  # 87.5 % of four values
    assert is_below(describe(-np.arange(1.0, 6.0), heavy(1.2)))
    assert not is_below(describe(np.array([-1.0, -2.0, 1.0, -3.0, -4.0]), heavy(1.2)))
