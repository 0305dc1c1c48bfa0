"""The model behind `express_lane`: closed forms of MODEL section 9, calibration, and what keeps a bidder out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from experiments.lab.study.experiment import expected
from experiments.lab.study.lane.exploitability import of_strong, without_buyers
from experiments.lab.study.lane.foreseen import Foreseen
from experiments.lab.study.lane.horizons import HORIZONS, closed_form
from experiments.lab.study.lane.lane_calibration import LaneSignals, calibrated, correlation, kept, resold, sale
from experiments.lab.study.lane.many_hubs import at_best, minute_worths, revenue_by_hubs
from experiments.lab.study.lane.published_lane import AFTER, UNSPOKEN, compared, cost_at
from experiments.lab.study.lane.regimes import block_sd
from experiments.lab.study.lane.withdrawal import HUBS, Minute, after_hub, draws, gain_of_bidding, hub_worth


def test_bids_tell_more_of_longer_spans():
    assert [closed_form(count) for count in HORIZONS] == pytest.approx(
        [0.31990, 0.83288, 0.91183, 0.93728], abs=1e-5
    )


@pytest.mark.slow
def test_two_figures_fix_the_spread_of_values_and_the_noise_of_signals():
    """P10: τ = .893238, σ = 2.661076 for a median of .627 and a correlation of .32, where nothing is private."""
    found = calibrated(0.627, 0.32)
    assert found == pytest.approx((0.893238, 2.661076, 0.0), abs=2e-6)
    assert sale(found, 0.0).paid_over_top.median == pytest.approx(0.627, abs=1e-6)


def test_how_a_bid_goes_along_with_the_value():
    """P10: σ = .595234 at τ = .905: .8400 of the paid bid."""
    assert correlation(sale(LaneSignals(0.905, 0.595234), 0.0)) == pytest.approx(0.8400, abs=5e-5)


@pytest.mark.parametrize("private", [0.0, 0.3, 1.0])
def test_what_is_left_over_private_costs(private):
    values = np.array([0.05, 0.4, 2.0])
    costs = np.sort(private * np.random.default_rng(1).random((200_000, 2)), axis=1)
    for part, cost in ((at_best, costs[:, 0]), (resold, costs[:, 1]), (kept, costs.mean(axis=1))):
        if part is kept:
            cost = private * np.random.default_rng(2).random(200_000)
        told = [np.maximum(value - cost, 0).mean() for value in values]
        assert part(values, private) == pytest.approx(told, abs=4e-3)


@pytest.mark.parametrize("noise", [2.752, 0.595])
def test_with_nothing_private_a_signal_earns_its_closed_form_against_a_hub_without_one(noise):
    """2 Φ(√β_1 τ/2) − 1, β_1 = τ²/(τ² + σ²): .112 and .295."""
    signals, minute = LaneSignals(0.905, noise), Minute(0.0, 0.0, 0.0, 0.0)
    share = 0.905**2 / (0.905**2 + noise**2)
    closed = 2 * special.ndtr(np.sqrt(share) * 0.905 / 2) - 1
    found = gain_of_bidding(signals, minute, HUBS[0])
    assert abs(found.mean - closed) <= 4 * found.se
    assert gain_of_bidding(signals, minute, HUBS[2]).mean == 0
    assert 0 < gain_of_bidding(signals, minute, HUBS[1]).mean < found.mean


def test_a_cost_or_a_rebate_that_outweighs_the_signal_leaves_the_price_to_the_fringe():
    signals, minute = LaneSignals(0.7, 2.3), Minute(0.5, 0.02, 0.05, 0.2)
    out = after_hub(signals, minute._replace(cost=9.0))
    assert out.bidding == 0
    assert (out.median, out.mean) == pytest.approx((0.2, 0.2))
    shares = [after_hub(signals, minute._replace(rebate=rebate)).bidding for rebate in (0.0, 0.5, 1.0)]
    assert shares == sorted(shares, reverse=True)
    gains = [gain_of_bidding(signals, minute._replace(rebate=rebate), HUBS[0]).mean for rebate in (0.0, 0.5, 1.0)]
    assert gains == sorted(gains, reverse=True)


def test_one_hub_that_bids_for_nothing_brings_the_price_to_the_reserve_and_two_bring_it_back():
    signals = LaneSignals(0.7, 2.3)
    level = hub_worth(signals, 0.5)
    assert minute_worths(signals, 0.5).hub == pytest.approx(level, rel=1e-9)
    free = revenue_by_hubs(signals, 0.5, 0.02, 0.0, 0.05)
    assert free[1] == pytest.approx(0.05)
    assert free[2] == free[3] == pytest.approx(level)
    assert 0.05 < free[0] < level


def test_what_was_measured_stands_beside_what_was_predicted_and_each_other_row_says_why_not():
    rows = list(compared(expected("express_lane")[-1]["values"], 0.05, "median"))
    said = [row for row in rows if "simulated" in row and row["simulated"] == row["simulated"]]
    assert all(row["±"] >= 0 and row["source"] for row in said)
    assert {row["how"] for row in said} == {"put in", "follows", "predicted", "by hand"}
    put_in = next(row for row in said if row["how"] == "put in")
    assert abs(put_in["simulated"] - 0.627) <= 2 * put_in["±"]
    assert len(rows) - len(said) == len(UNSPOKEN)


@pytest.mark.slow
def test_the_cost_that_brings_what_was_measured_does():
    signals, minute = LaneSignals(0.7, 2.3), Minute(0.5, 0.02, 0.05, 0.1)
    for reading in ("mean", "ratio_of_sums"):
        cost = cost_at(signals, minute, reading)
        assert getattr(after_hub(signals, minute._replace(cost=cost)), reading) == pytest.approx(AFTER, abs=1e-4)
    assert np.isnan(cost_at(signals, minute._replace(fringe=0.3), "mean"))


@pytest.mark.parametrize("noise", [2.752, 0.595])
def test_who_answers_best_to_a_hub_without_a_signal_gains_what_its_own_tells_it(noise):
    """The same closed form, by a search among all bids by signal; against one that knows as much, nothing."""
    signals, minute = LaneSignals(0.905, noise), Minute(0.0, 0.0, 0.0, 0.0)
    own = signals.value_sd * draws().value + noise * draws().noise[:, 0]
    share = 0.905**2 / (0.905**2 + noise**2)
    closed = 2 * special.ndtr(np.sqrt(share) * 0.905 / 2) - 1
    found = of_strong(without_buyers(signals, minute, HUBS[0]), own)
    assert -4 * found.se - 0.004 <= found.mean - closed <= 4 * found.se
    none = of_strong(without_buyers(signals, minute, HUBS[2]), own)
    assert none.mean <= 4 * none.se


def test_what_is_public_makes_bids_tell_more_and_what_nobody_foresees_less():
    """Without signals: √((e^(φ²s²) − 1)/(e^(s²) − 1)), .31990; without what is public: that of the sale alone."""
    ahead = Foreseen(0.386, 0.905)
    assert ahead.told(sale(LaneSignals(ahead.news_sd, 300.0), 0.0), 0.0) == pytest.approx(0.31990, abs=2e-3)
    sold = sale(LaneSignals(0.905, 0.595234), 0.0)
    assert Foreseen(0.0, 0.905).told(sold, 0.0) == pytest.approx(correlation(sold), rel=1e-9)
    assert Foreseen(0.0, 0.905).told(sold, 1.2071) == pytest.approx(0.32, abs=5e-5)


@pytest.mark.slow
def test_the_part_that_nobody_foresees_is_the_models():
    """P10: τ = .905, σ = .595234: log sd 1.2071."""
    found = Foreseen(0.0, 0.905).calibrated(0.627, 0.32, 0.0, "small")
    assert found == pytest.approx((0.905, 0.595234, 1.2071), abs=1e-4)


def test_minutes_of_several_blocks_have_the_same_variance_and_the_same_answer():
    signals = LaneSignals(0.7, 2.3)
    for blocks in (1, 5, 10):
        spread = np.expm1(block_sd(signals, blocks) ** 2) / blocks
        assert spread == pytest.approx(np.expm1(0.7**2), rel=1e-9)
    said = expected("express_lane")[-1]["values"]
    for name in ("median", "mean", "bidding"):
        one, one_error = said[f"the hub.{name}"], said[f"the hub.{name} ±"]
        for blocks in (5, 10):
            several = said[f"the hub, {blocks} blocks.{name}"]
            assert abs(several - one) <= 2 * np.hypot(one_error, said[f"the hub, {blocks} blocks.{name} ±"])
