"""Many auctions of a slot: the mixes of builders, and how near calibrated ones come to what was measured."""

from __future__ import annotations

import numpy as np
import pytest

from experiments import InputError
from experiments.calibration import FITTED_LEVELS, PAYMENT_LEVELS, Fit, found, payments_at
from experiments.lab.study.experiment import expected
from experiments.lab.study.slot import WU_MARGIN, auctions, mix
from market.slot_auction import SignalLaw

TOLERANCE = 0.03
WIDER = 3.1 / 1.96
BULK = [place for place, level in enumerate(PAYMENT_LEVELS) if 0.05 <= level <= 0.95]


def committed_fit():
    """That of the whole answer."""
    (full,) = (case["values"] for case in expected("calibration") if case["name"] == "full")
    return Fit(**{name: full[f"fit.{name}"] for name in Fit._fields})


def ratios(count, seed, game=None):
    """Payments' quantiles from 5 to 95 %, and both ends of their 95 % intervals, over those measured;
    shape (7, 3)."""
    quantiles = np.array(found(auctions(game or committed_fit().game(), count, seed))[: len(PAYMENT_LEVELS)])
    return (quantiles / payments_at(PAYMENT_LEVELS)[:, None])[BULK]


def is_met(ratios):
    """Whether every quantile may lie within the tolerance, as far as a sample of that size can tell: within 3.1
    standard errors, so that chance makes one of seven fail once in 100 samples at the most."""
    found, low, high = ratios.T
    least, most = found - (found - low) * WIDER, found + (high - found) * WIDER
    return bool((least < 1 + TOLERANCE).all() and (most > 1 - TOLERANCE).all())


def test_the_calibrated_game_pays_what_was_measured():
    assert is_met(ratios(800, seed=101))
    paper = Fit(late_ms=540, end_sd_ms=530)
    assert not is_met(ratios(800, 101, paper.game(WU_MARGIN)))


def test_a_fixed_margin_on_calibrated_values_does_not():
    """It takes all of a small block, and the lower tail with it."""
    assert not is_met(ratios(800, 101, committed_fit().game(WU_MARGIN)))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(201, 206))
def test_it_does_on_8000_fresh_auctions(seed):
    assert is_met(ratios(8000, seed))


@pytest.mark.slow
def test_the_fit_is_within_3_percent_from_5_to_95_percent():
    """So many auctions that chance moves no quantile by more than about 1 % (standard error)."""
    found = ratios(100_000, seed=301)
    assert np.abs(found[:, 0] - 1).max() < TOLERANCE


def test_some_of_the_quantiles_were_not_fitted_to():
    assert len(BULK) - len(FITTED_LEVELS) == 3


def test_public_rates_of_slots_differ_and_private_ones_do_not():
    law = SignalLaw(public_rate_sd=0.8)
    rng = np.random.default_rng(5)
    drawn = [law.draw(rng, 12_000) for _ in range(400)]
    public = np.array([signals.is_public.sum() for signals in drawn])
    private = np.array([(~signals.is_public).sum() for signals in drawn])
    assert np.log(public).std() == pytest.approx(0.8, rel=0.15)
    assert private.var() == pytest.approx(private.mean(), rel=0.3)  # Poisson
    assert np.median(public) == pytest.approx(law.public_rate * 1200, rel=0.15)


def test_a_mix_with_parameters_that_its_builders_do_not_have_is_refused():
    assert mix({"naive": 1}, parameters={"margin": 0.1}).names == ["naive"]
    with pytest.raises(InputError, match=r"naive: .*margn"):
        mix({"naive": 1}, parameters={"margn": 0.1})
    with pytest.raises(InputError, match="naive: margin is 2"):
        mix({"naive": 1}, parameters={"margin": 2})
