"""How far a simulation lies from theory, and when that cannot be said."""

from __future__ import annotations

import math

import numpy as np
import pytest

from experiments.lab.study.agreement import agreement


def test_the_distance_is_in_standard_errors():
    found = agreement(np.array([1.0, 2.0, 3.0]), 1.0)
    assert found == {"theory": 1.0, "simulated": 2.0, "se": pytest.approx(3**-0.5), "z": pytest.approx(3**0.5)}


def test_a_heavy_tail_has_no_error_and_no_distance():
    rng = np.random.default_rng(1)
    heavy = agreement(rng.pareto(1.3, 5000), 3.3)
    assert math.isnan(heavy["se"])
    assert math.isnan(heavy["z"])
    assert heavy["simulated"] > 0
    assert abs(agreement(rng.exponential(size=5000), 1.0)["z"]) <= 4


def test_what_is_alike_is_exact_whatever_it_is():
    assert agreement(np.full(500, 2.0), 2.0)["z"] == 0
    assert agreement(np.full(500, 2.0), 1.0)["z"] == math.inf
