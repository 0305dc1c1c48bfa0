"""Parameters: what is allowed, to the corner, and what is said of the rest."""

from __future__ import annotations

import math
import re

import pytest

from strategies.parameters import MOST, between, one_of


@pytest.mark.parametrize("value", [0, 0.5, 1])
def test_a_number_between_two_may_be_either(value):
    assert between("share", value, 0, 1) == value


@pytest.mark.parametrize("value", [-1e-9, 1 + 1e-9, math.inf, math.nan])
def test_a_number_outside_is_named_with_its_bounds(value):
    with pytest.raises(ValueError, match=rf"share is {value!r}; it must be at least 0 and at most 1$"):
        between("share", value, 0, 1)


@pytest.mark.parametrize("value", [-1, 9.1e8, 10**12, 1e300])
def test_a_number_without_a_greatest_of_its_own_has_that_of_all(value):
    assert between("rate", MOST, 0) == MOST
    with pytest.raises(ValueError, match=re.escape(f"rate is {value!r}; it must be at least 0 and at most 9e+08")):
        between("rate", value, 0)


def test_a_number_that_cannot_be_written_is_refused_all_the_same():
    with pytest.raises(ValueError, match="rate is <int that cannot be shown>"):
        between("rate", 10**5000, 0)


def test_a_choice_is_one_of_its_names():
    assert one_of("format", "dutch", ("english", "dutch")) == "dutch"
    with pytest.raises(ValueError, match=r"format is 'french'; it must be one of english, dutch$"):
        one_of("format", "french", ("english", "dutch"))
