"""What is said beside the figures of a sweep."""

from __future__ import annotations

from pathlib import Path
from statistics import NormalDist

import pandas as pd
import pytest

from experiments.lab.sweep.result import Sweep
from experiments.lab.sweep.sweep_text import mark_of, unit_of_difference, why

SEEDS = 30


@pytest.mark.parametrize(("name", "unit"), [("top_share", "% points"), ("mean_price", "ETH"), ("of_mine", "")])
def test_a_difference_of_shares_is_in_points(name, unit):
    assert unit_of_difference(name) == unit


@pytest.mark.parametrize(("median", "mark"), [((0.0, 0.0), ""), ((1.0, 4.0), " ▲"), ((-1.0, 4.0), "")])
def test_a_rough_interval_alone_makes_no_mark(median, mark):
    low, high = median
    found = {"low": 0.3, "high": 6.7, "rough": True, "median_low": low, "median_high": high, "median_level": 0.95}
    assert mark_of(found) == mark
    assert mark_of({**found, "rough": False}) == " ▲"


def test_a_difference_whose_interval_alone_is_rough_is_told():
    """Both points have the same normal values, in another order: one difference is larger than all others."""
    normal = [NormalDist().inv_cdf((place + 0.5) / SEEDS) for place in range(SEEDS)]
    values = {0: normal, 1: [*normal[1:], normal[0]]}
    rows = [
        {"point": point, "x": point, "seed": seed, "mine": value, "digest": "", "trades_digest": "", "error": None}
        for point, each in values.items()
        for seed, value in enumerate(each)
    ]
    sweep = Sweep({"x": [0, 1]}, pd.DataFrame(rows), Path())
    assert {point["metrics"]["mine"]["rough"] for point in sweep.summary()} == {False}
    (line,) = why(sweep, ["mine"])
    assert line.startswith("mine, rough: ")
