"""How often the 95 % interval of a mean holds the truth: the table of docs/experiments.md."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
from scipy.special import ndtri

from chain.rewards.payments_2023 import PAYMENTS_2023, TAIL_INDEX, TAIL_SHARE, TAIL_START
from chain.rewards.payments_2026 import MEAN as MEAN_2026
from chain.rewards.payments_2026 import PAYMENTS_2026
from experiments.lab.statistics import ONE_DRAW, Sampling, Statistics, describe, largest_of, pooled

pytestmark = pytest.mark.slow

DOCS = Path(__file__).parents[3] / "docs" / "experiments.md"
BLOCKS = 200
SAMPLES = 4000
Values = npt.NDArray[np.float64]
Law = Callable[[np.random.Generator, tuple[int, int]], Values]


class Blocks(NamedTuple):
    """A law of blocks' values, and its mean."""

    draw: Law
    mean: float


def untapered(rng: np.random.Generator, shape: tuple[int, int]) -> Values:
    """MEV-Boost payments as they were fitted first: a Pareto tail that goes on."""
    payments = PAYMENTS_2023.payments_at(rng.standard_normal(shape))
    largest = payments > TAIL_START
    payments[largest] = TAIL_START * (1 - rng.random(largest.sum())) ** (-1 / TAIL_INDEX)
    return payments


def untapered_mean() -> float:
    """The body's mean, by quadrature over quantiles, and the tail's: share × start × index / (index − 1)."""
    shares = (np.arange(2_000_000) + 0.5) / 2_000_000 * (1 - TAIL_SHARE)
    body = float(PAYMENTS_2023.payments_at(ndtri(shares)).mean())
    return (1 - TAIL_SHARE) * body + TAIL_SHARE * TAIL_START * TAIL_INDEX / (TAIL_INDEX - 1)


LAWS = {
    "normal": Blocks(lambda rng, shape: rng.normal(1.0, 1.0, shape), 1.0),
    "exponential": Blocks(lambda rng, shape: rng.exponential(1.0, shape), 1.0),
    "lognormal(1)": Blocks(lambda rng, shape: rng.lognormal(0.0, 1.0, shape), np.exp(0.5)),
}
HEAVY: dict[str, Law] = {
    "MEV-Boost 2023 with a Pareto tail": untapered,
    "MEV-Boost 2026 as it is": lambda rng, shape: PAYMENTS_2026.payments_at(rng.standard_normal(shape)),
}

HEAVY_MEANS = {"MEV-Boost 2023 with a Pareto tail": untapered_mean(), "MEV-Boost 2026 as it is": MEAN_2026}


def means_over_blocks(law: Law, runs: int, samples: int) -> list[Statistics]:
    """What `runs` runs say of the mean of their blocks' values, many times."""
    rng = np.random.default_rng(runs)
    drawn = (law(rng, (runs, BLOCKS)) for _ in range(samples))
    return [describe(values.mean(axis=1), Sampling(BLOCKS, pooled(map(largest_of, values)))) for values in drawn]


def draws(law: Law, runs: int, samples: int) -> list[Statistics]:
    """The same where each run gives one value alone."""
    values = law(np.random.default_rng(runs), (samples, runs))
    return [describe(each, ONE_DRAW) for each in values]


def coverage(found: list[Statistics], truth: float) -> float:
    """The share of the intervals that hold the truth, among those that are there."""
    there = [each for each in found if each["low"] is not None]
    return float(np.mean([each["low"] <= truth <= each["high"] for each in there]))


def students_coverage(law: Law, runs: int, mean: float) -> float:
    """How often Student's interval of means over 200 blocks would hold the mean, were it printed."""
    rng = np.random.default_rng(runs)
    samples = [law(rng, (runs, BLOCKS)).mean(axis=1) for _ in range(SAMPLES // 2)]
    return coverage([describe(sample) for sample in samples], mean)


def share(found: list[Statistics], holds: Callable[[Statistics], bool]) -> float:
    return float(np.mean([holds(each) for each in found]))


RUNS = (5, 10, 30)


def told_in_docs(row: str) -> list[float]:
    """The figures of a row of the table in docs/experiments.md, of 5, 10 and 30 runs."""
    (line,) = [line for line in DOCS.read_text(encoding="utf-8").splitlines() if line.startswith(f"| {row} |")]
    return [float(cell) for cell in line.split("|")[2:5]]


@pytest.mark.parametrize("name", LAWS)
def test_a_mean_over_200_blocks_is_covered(name: str):
    found = [means_over_blocks(LAWS[name].draw, runs, SAMPLES // 2) for runs in RUNS]
    covered = [coverage(each, LAWS[name].mean) for each in found]
    assert all(0.93 <= one <= 0.97 for one in covered)
    assert max(share(each, lambda own: own["low"] is None) for each in found) <= 0.10
    assert covered == pytest.approx(told_in_docs(f"mean of 200 blocks, {name}"), abs=0.01)


@pytest.mark.parametrize(("name", "least", "most"), [("exponential", 0.86, 0.94), ("lognormal(1)", 0.80, 0.90)])
def test_one_draw_a_run_is_covered_roughly_and_called_rough(name: str, least: float, most: float):
    found = [draws(LAWS[name].draw, runs, SAMPLES) for runs in RUNS]
    covered = [coverage(each, LAWS[name].mean) for each in found]
    assert all(least <= one <= most for one in covered)
    assert min(share(each, lambda own: own["rough"]) for each in found) >= 0.94
    assert covered == pytest.approx(told_in_docs(f"one draw, {name}"), abs=0.01)


def test_normal_draws_are_covered_and_thirty_of_them_mostly_not_rough():
    found = [draws(LAWS["normal"].draw, runs, SAMPLES) for runs in RUNS]
    assert share(found[-1], lambda own: own["rough"]) <= 0.15
    covered = [coverage(each, 1.0) for each in found]
    assert all(0.94 <= one <= 0.96 for one in covered)
    assert covered == pytest.approx(told_in_docs("one draw, normal"), abs=0.01)


@pytest.mark.parametrize(("name", "mean"), HEAVY_MEANS.items())
def test_where_the_tail_is_heavy_no_interval_goes_without_a_word(name: str, mean: float):
    """Student's would hold the mean in 60 to 75 % of the cases."""
    found = [means_over_blocks(HEAVY[name], runs, SAMPLES // 4) for runs in RUNS]
    without = [share(each, lambda own: own["low"] is None) for each in found]
    assert all(one >= least for one, least in zip(without, (0.85, 0.93, 0.99), strict=True))
    assert max(share(each, lambda own: own["low"] is not None and not own["rough"]) for each in found) <= 0.005
    students = [students_coverage(HEAVY[name], runs, mean) for runs in RUNS]
    assert max(students) <= 0.8
    assert without == pytest.approx(told_in_docs(f"share without an interval, {name}"), abs=0.01)
    assert students == pytest.approx(told_in_docs(f"what Student's t would cover, {name}"), abs=0.02)


@pytest.mark.parametrize(("runs", "level"), [(5, 0.9375), (10, 0.978516)])
def test_the_median_is_covered_at_its_level_whatever_the_tail(runs: int, level: float):
    law = HEAVY["MEV-Boost 2026 as it is"]
    truth = float(np.median(law(np.random.default_rng(0), (20_000, BLOCKS)).mean(axis=1)))
    found = means_over_blocks(law, runs, SAMPLES)
    assert [each["median_level"] for each in found] == pytest.approx([level] * len(found), abs=1e-6)
    assert abs(share(found, lambda each: each["median_low"] <= truth <= each["median_high"]) - level) <= 0.015
