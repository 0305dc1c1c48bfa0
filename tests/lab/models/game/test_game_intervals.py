"""How sure simulated prices are: intervals of means and medians, and what is said where a mean has none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from experiments.lab.models.game.outcome_text import interval_table, rows
from experiments.lab.models.game.simulation import simulate
from experiments.lab.models.game.standard_errors import batched_error
from experiments.lab.models.game.ticket_statistics import of_batches, of_tickets


def test_independent_tickets_have_student_s_interval() -> None:
    values = np.random.default_rng(1).exponential(size=4000)
    found = of_tickets(values)
    expected = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert (found["low"], found["high"]) == pytest.approx(tuple(expected))
    assert not found["rough"]
    assert found["tail_index"] > 2


def test_tickets_of_one_urn_have_that_of_their_batches() -> None:
    """Groups of four alike, so that single tickets would say twice as much as there is."""
    values = np.repeat(np.random.default_rng(2).normal(size=2000), 4)
    found = of_batches(values, supply=4)
    half = (found["high"] - found["low"]) / 2
    assert half == pytest.approx(stats.t.ppf(0.975, 99) * batched_error(values, 4), rel=1e-6)
    assert (found["mean"], found["median"]) == (pytest.approx(values.mean()), pytest.approx(np.median(values)))
    assert found["median_low"] < found["median"] < found["median_high"]


def test_a_heavy_tail_leaves_no_interval_no_error_and_no_z(make_model: Any) -> None:
    """The spot prices are about the rewards, whose logs have a standard deviation of 3; early prices are even."""
    model = make_model(
        reward={"process": "lognormal", "mean": 1.0, "sigma": 3.0},
        cost={"distribution": "uniform", "low": 0.0, "high": 0.1},
    )
    outcome = simulate(model, 600, [0, 8], signatures="off")
    assert [price["low"] is None for price in (outcome.spot, *outcome.price)] == [True, False, True]
    assert outcome.price[0]["low"] <= outcome.mean[0] <= outcome.price[0]["high"]
    spot = next(rows(outcome))
    assert [cell.text for cell in (spot[3], spot[5])] == ["–", "–"]
    _, _, interval, reason = interval_table(outcome).rows[0]
    assert "(no interval)" in str(interval)
    assert "Hill's index of the largest 1 % of values (6 of 600)" in str(reason)
