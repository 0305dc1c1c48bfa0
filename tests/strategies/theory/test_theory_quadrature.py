"""Where a gain that ends is found: as halving finds it, in far fewer looks where it is smooth."""

from __future__ import annotations

import numpy as np
import pytest

from strategies.theory.quadrature import CLOSE, last_gain, last_true

PLACES = np.linspace(-0.2, 1.3, 301)
SMOOTH = {
    "straight": lambda u: PLACES - u,
    "flat at its end": lambda u: (1 + PLACES) * (1 - u) ** 9 - 0.3 * PLACES**2,
    "steep at its start": lambda u: np.exp(-30 * u) - np.exp(-30 * PLACES),
    "steep at its end": lambda u: np.exp(30 * PLACES) - np.exp(30 * u),
}
BROKEN = {
    "a step": lambda u: np.where(u < PLACES, 1.0, -1.0),
    "a kink": lambda u: (PLACES - u) * np.where(u < PLACES, 100.0, 0.01),
    "a jump on the way": lambda u: (1 - u) * np.where(u < 0.6, 1.0, 0.3) - PLACES,
    "three alike": lambda u: (PLACES - u) ** 3,
}


@pytest.mark.parametrize("name", [*SMOOTH, *BROKEN])
def test_the_end_of_a_gain_is_where_halving_finds_it(name):
    gain = (SMOOTH | BROKEN)[name]
    assert last_gain(gain, PLACES.shape) == pytest.approx(
        last_true(lambda u: gain(u) >= 0, PLACES.shape), abs=CLOSE
    )


@pytest.mark.parametrize("name", SMOOTH)
def test_a_smooth_gain_is_looked_at_a_few_times(name):
    looks = []

    def counted(place):
        looks.append(place)
        return SMOOTH[name](place)

    last_gain(counted, PLACES.shape)
    assert len(looks) <= 20


def test_a_gain_that_never_is_and_one_that_never_ends():
    assert last_gain(lambda u: np.array([-1.0, 1.0]) + 0 * u, (2,)).tolist() == [0.0, 1.0]
