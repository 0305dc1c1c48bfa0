"""Wrong parameters are refused with their name, their value and what a right one looks like."""

import math

import numpy as np
import pytest

from chain.rewards import AR1, Constant, Lognormal, MevBoost, PaymentReplay, Uniform

AMOUNT = "give a finite amount of ETH"
NOT_AMOUNTS = [math.nan, math.inf, -math.inf, -0.1, 1e10]


@pytest.mark.parametrize("value", NOT_AMOUNTS)
@pytest.mark.parametrize(
    ("name", "build"),
    [
        ("value", Constant),
        ("low", lambda value: Uniform(value, 1.0)),
        ("high", lambda value: Uniform(0.0, value)),
        ("mean", lambda value: Lognormal(value, 1.0)),
        ("mean", lambda value: AR1(value, 0.5, 0.1)),
        ("start", lambda value: AR1(0.1, 0.5, 0.1, start=value)),
        ("prior", lambda value: PaymentReplay("nowhere.csv", prior=value)),
    ],
)
def test_amounts(name, build, value):
    with pytest.raises(ValueError, match=f"^{name} is {value!r}; {AMOUNT}"):
        build(value)


@pytest.mark.parametrize("phi", [-1, 1, 1.5, math.nan, math.inf])
def test_phi(phi):
    with pytest.raises(ValueError, match=f"^phi is {phi!r}; give a number above -1 and below 1$"):
        AR1(0.1, phi, 0.1)


@pytest.mark.parametrize("sigma", [-0.1, math.nan, math.inf, 6.1])
def test_sigma(sigma):
    for build in (lambda: Lognormal(0.1, sigma), lambda: AR1(0.1, 0.5, sigma)):
        with pytest.raises(ValueError, match=f"^sigma is {sigma!r}; the standard deviation of log R, here"):
            build()


@pytest.mark.parametrize("seconds", [0, -12.0, math.nan, math.inf])
def test_slot_seconds(seconds):
    with pytest.raises(ValueError, match=f"^slot_seconds is {seconds!r}; give a finite number of seconds"):
        MevBoost(slot_seconds=seconds)


def test_means_of_zero_and_crossed_bounds():
    for build in (lambda: Lognormal(0, 1.0), lambda: AR1(0, 0.5, 0.1), lambda: AR1(0.1, 0.5, 0.1, start=0)):
        with pytest.raises(ValueError, match="more than 0"):
            build()
    with pytest.raises(ValueError, match=r"^high is 0.1; give low \(0.2\) or more$"):
        Uniform(0.2, 0.1)


def test_the_limits_are_allowed():
    rng = np.random.default_rng(0)
    for process in (Constant(0), Uniform(0, 0), Uniform(0.2, 0.2), Lognormal(0.1, 0), AR1(0.1, -0.5, 0)):
        rewards = process.start(rng).next_chunk()
        assert rewards[0] == rewards[-1]
