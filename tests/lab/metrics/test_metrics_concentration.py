"""Concentration and multi-block control, against figures worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.lab.metrics.concentration import (
    Window,
    counts,
    gini,
    hhi,
    hhi_of_holdings,
    mean_hhi_of_holdings,
    mean_holdings,
    nakamoto,
    nakamoto_51,
    over_time,
    top_share,
)
from experiments.lab.metrics.control import (
    chance,
    chance_by_proposer,
    longest,
    longest_by_proposer,
    streaks,
)

MEASURES = [hhi, nakamoto, nakamoto_51, gini, top_share]


@pytest.mark.parametrize(
    ("shares", "index", "half", "majority", "inequality", "top"),
    [
        ([7], 10_000, 1, 1, 0, 1),
        ([1, 1, 1, 1], 2_500, 3, 3, 0, 0.25),  # two of four have half, not more
        ([50, 30, 20], 3_800, 2, 2, 0.2, 0.5),  # 2500 + 900 + 400; (−2·20 + 0·30 + 2·50) / (3·100)
        ([505, 495], 5_000.5, 1, 2, 0.005, 0.505),  # more than half, but not 51 %
        ([51, 49], 5_002, 1, 1, 0.01, 0.51),  # exactly 51 % is enough
        ([0, 0, 0, 8], 10_000, 1, 1, 0.75, 1),  # 1 − 1/n
        ([0.5, 1.5], 6_250, 1, 1, 0.25, 0.75),  # 25² + 75²; (−.5 + 1.5) / (2·2)
    ],
)
def test_known_answers(shares, index, half, majority, inequality, top):
    assert hhi(shares) == pytest.approx(index, rel=1e-12)
    assert (nakamoto(shares), nakamoto_51(shares)) == (half, majority)
    assert gini(shares) == pytest.approx(inequality, abs=1e-12)
    assert top_share(shares) == pytest.approx(top, rel=1e-12)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("nothing", [[], [0, 0]])
def test_nothing_to_share(measure, nothing):
    assert measure(nothing) is None


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("wrong", [[3, -1], [1.0, float("nan")]])
def test_shares_that_are_none(measure, wrong):
    with pytest.raises(ValueError, match="give each holder a number of at least 0"):
        measure(wrong)


@pytest.mark.parametrize("measure", MEASURES)
def test_neither_order_nor_unit_matters(measure):
    shares = np.array([3, 1, 4, 1, 5, 9, 2, 6])
    assert measure(shares) == pytest.approx(measure(shares[::-1] * 1_000_000), rel=1e-12)


def test_gini_is_the_mean_difference():
    """Half the mean absolute difference of all pairs over the mean, which is how Gini put it."""
    shares = np.random.default_rng(1).exponential(size=40)
    differences = np.abs(shares[:, None] - shares[None, :]).mean()
    assert gini(shares) == pytest.approx(differences / (2 * shares.mean()), rel=1e-12)


@pytest.mark.parametrize("kind", [list, pd.Series, lambda names: pd.Series(names, dtype="category")])
def test_counts(kind):
    assert counts(kind(["b", "a", None, "b", "c", "b"])).tolist() == [3, 1, 1]


def test_over_time():
    names = ["a", "a", "a", "b", None, None, "b"]
    assert over_time(names, 2) == [Window(0, 10_000), Window(2, 5_000), Window(4, None), Window(6, 10_000)]
    assert over_time(names, 3, top_share) == [Window(0, 1), Window(3, 1), Window(6, 1)]
    assert [value for _, value in over_time(names, 1)] == [10_000] * 4 + [None] * 2 + [10_000]
    with pytest.raises(ValueError, match="window is 0"):
        over_time(names, 0)


def test_hhi_of_holdings():
    blocks = pd.DataFrame({"held": [4, 0, 10], "squares": [10, 0, 50]})  # 3 and 1; none; 5 and 5
    assert hhi_of_holdings(blocks)[[0, 2]].tolist() == [6_250, 5_000]
    assert np.isnan(hhi_of_holdings(blocks)[1])
    assert mean_hhi_of_holdings(blocks) == 5_625
    assert mean_hhi_of_holdings(blocks[1:2]) is None


def test_mean_holdings():
    """Two tickets of genesis; a sells the first to b in slot 1 and proposes block 2 with the second; c only passes
    one on within slot 3."""
    rows = [
        (-1, None, "protocol"),
        (-1, None, "protocol"),
        (-1, "protocol", "a"),
        (-1, "protocol", "a"),
        (1, "a", "b"),
        (2, "a", None),
        (3, "b", "c"),
        (3, "c", "a"),
    ]
    transfers = pd.DataFrame(rows, columns=["slot", "giver", "taker"])
    assert mean_holdings(transfers, 4) == {"a": (2 + 1 + 0 + 1) / 4, "b": 2 / 4, "c": 0}


def test_holders_come_in_any_order():
    transfers = pd.DataFrame({"slot": [0, 1], "giver": ["protocol", "a"], "taker": ["a", "b"]})
    assert mean_holdings(transfers, 2) == {"a": 0.5, "b": 0.5}


PROPOSERS = ["a", "a", "a", "b", None, None, "b", "b", "a", "a"]


def test_streaks():
    found = streaks(PROPOSERS)
    rows = [(found.names[who], first, length) for who, first, length in zip(*found[1:], strict=True)]
    assert rows == [("a", 0, 3), ("b", 3, 1), ("b", 6, 2), ("a", 8, 2)]
    assert longest(PROPOSERS) == 3
    assert longest_by_proposer(PROPOSERS) == {"a": 3, "b": 2}


def test_empty_slots_are_no_ones_streak():
    assert longest([None, None, None]) == 0
    assert longest([]) == 0
    assert longest_by_proposer([float("nan"), float("nan")]) == {}


@pytest.mark.parametrize(
    ("m", "own"),
    [
        (1, {"a": 5 / 10, "b": 3 / 10}),
        (2, {"a": 3 / 9, "b": 1 / 9}),
        (3, {"a": 1 / 8, "b": 0}),
        (4, {"a": 0, "b": 0}),
    ],
)
def test_chance_of_m_blocks_in_a_row(m, own):
    assert chance_by_proposer(PROPOSERS, m) == pytest.approx(own)
    assert chance(PROPOSERS, m) == pytest.approx(sum(own.values()))


def test_chance_needs_m_blocks():
    assert chance(["a", "a"], 2) == 1
    assert chance(["a", "a"], 3) is None
    assert chance_by_proposer(["a", "a"], 3) == {}
    with pytest.raises(ValueError, match="m is 0"):
        chance(["a"], 0)


def test_chance_of_independent_draws():
    """Σ s_i^m, where every block is drawn on its own. The band is five standard errors of an independent sample of
    all windows; windows overlap, which widens it by less than the square root of m."""
    shares, m, blocks = np.array([0.5, 0.3, 0.2]), 3, 40_000
    proposers = np.array(["a", "b", "c"], object)[np.random.default_rng(3).choice(3, blocks, p=shares)]
    expected = float((shares**m).sum())
    band = 5 * np.sqrt(m * expected * (1 - expected) / blocks)
    assert chance(proposers, m) == pytest.approx(expected, abs=band)
