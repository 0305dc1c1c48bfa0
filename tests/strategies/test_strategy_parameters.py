"""Parameters: what is allowed, to the corner, and what is said of the rest."""

from __future__ import annotations

import math

import pytest

from strategies.parameters import between, one_of


@pytest.mark.parametrize("value", [0, 0.5, 1])
def test_a_number_between_two_may_be_either(value):
    assert between("share", value, 0, 1) == value


@pytest.mark.parametrize("value", [-1e-9, 1 + 1e-9, math.inf, math.nan])
def test_a_number_outside_is_named_with_its_bounds(value):
    with pytest.raises(ValueError, match=rf"share is {value!r}; it must be at least 0 and at most 1$"):
        between("share", value, 0, 1)


def test_a_number_without_a_greatest_is_named_with_its_least():
    assert between("rate", 1e300, 0) == 1e300
    with pytest.raises(ValueError, match=r"rate is -1; it must be at least 0$"):
        between("rate", -1, 0)


def test_a_choice_is_one_of_its_names():
    assert one_of("format", "dutch", ("english", "dutch")) == "dutch"
    with pytest.raises(ValueError, match=r"format is 'french'; it must be one of english, dutch$"):
        one_of("format", "french", ("english", "dutch"))
