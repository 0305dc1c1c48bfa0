"""Bids for a round with a signal of each block: MODEL section 9, signals on a round (ii)."""

from __future__ import annotations

import numpy as np
import pytest

from strategies.theory.signalled_round import NormalRound

TAU = 0.905


def of(blocks: int, noise: float, seed: int = 0) -> NormalRound:
    return NormalRound(
        noise, 2, [np.asarray] * blocks, np.full(blocks, -(TAU**2) / 2), TAU**2 * np.eye(blocks), seed=seed
    )


def price(blocks: int, noise: float, seeds: range) -> float:
    """The mean second-highest bid, a share of E V, on draws that the rule was not found on."""
    rule = of(blocks, noise)
    prices = [np.sort(rule.bid(of(blocks, noise, seed).drawn()[0]), axis=1)[:, -2].mean() for seed in seeds]
    return float(np.mean(prices) / blocks)


@pytest.mark.parametrize("noise", [0.489, 2.7])
def test_of_one_block_it_is_the_closed_form(noise):
    """log b = (μ/τ² + 2s/σ²)/p + 1/(2p), p = 1/τ² + 2/σ²."""
    rule = of(1, noise)
    signals = np.linspace(-2, 2, 9) * np.hypot(TAU, noise) - TAU**2 / 2
    p = 1 / TAU**2 + 2 / noise**2
    closed = np.exp((-0.5 + 2 * signals / noise**2) / p + 1 / (2 * p))
    assert rule.bid(rule.expected(signals[:, None])) == pytest.approx(closed, rel=0.01)


@pytest.mark.slow
@pytest.mark.parametrize(("noise", "share"), [(0.489, 0.911), (2.7, 0.916)])
def test_of_ten_blocks_it_is_what_the_rule_brings(noise, share):
    assert price(10, noise, range(1, 9)) == pytest.approx(share, abs=0.0025)


def test_signals_of_other_blocks_tell_of_those_for_sale():
    apart = np.abs(np.subtract.outer(np.arange(4), np.arange(4)))
    logs = NormalRound(0.5, 2, [np.asarray] * 2, np.zeros(4), 0.5**apart, sold=slice(1, 3))
    high, low = (logs.expected(np.array([0.0, 0.0, 0.0, last])) for last in (2.0, -2.0))
    assert high > low
    with pytest.raises(ValueError, match="buyers"):
        NormalRound(0.5, 1, [np.asarray], np.zeros(1), np.eye(1))
