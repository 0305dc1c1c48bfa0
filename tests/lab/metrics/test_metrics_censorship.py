"""What censors do, against figures worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from experiments.lab.metrics.censors import (
    Delay,
    best_bids,
    censored_share,
    cost_per_block,
    delay,
    delays,
    gains,
    longest_censorship,
    premium_per_block,
)

ETH = 10**9
NAN = math.nan
CENSORS = {"x", "y"}
PROPOSERS = ["a", "x", "y", "x", None, "b", "y", "a", "x", None]


def test_share_and_longest_run():
    assert censored_share(PROPOSERS, CENSORS) == 0.5
    assert longest_censorship(PROPOSERS, CENSORS) == 3  # two censors together
    assert longest_censorship(PROPOSERS, {"x"}) == 1
    assert longest_censorship(["x", None, "x", "x"], {"x"}) == 2  # an empty slot ends a run
    assert censored_share(PROPOSERS, {"nobody"}) == 0
    assert censored_share([], CENSORS) is None
    assert longest_censorship([], CENSORS) == 0


def test_delay_of_a_censored_transaction():
    np.testing.assert_array_equal(delays(PROPOSERS, CENSORS), [0, 4, 3, 2, 1, 0, 1, 0, NAN, NAN])
    assert delay(PROPOSERS, CENSORS) == Delay(mean=11 / 8, longest=4, waiting=2)


def test_no_delay_without_censors_and_no_end_with_none_else():
    assert delay(["a", "b"], CENSORS) == Delay(0, 0, 0)
    assert delay(["x", "y", None], CENSORS) == Delay(None, None, 3)
    assert delay([], CENSORS) == Delay(None, None, 0)


def test_delay_of_a_random_censor():
    """Where every block is a censor's with probability p, the delay is geometric with mean p / (1 − p) and
    standard deviation sqrt(p) / (1 − p). Waits overlap: the variance of their mean over B slots is p (1 + p) /
    (1 − p)^3 / B.
    """
    p, blocks = 0.6, 60_000
    proposers = np.where(np.random.default_rng(11).random(blocks) < p, "x", "a").astype(object)
    band = 5 * math.sqrt(p * (1 + p) / (1 - p) ** 3 / blocks)
    assert delay(proposers, {"x"}).mean == pytest.approx(p / (1 - p), abs=band)


BLOCKS = pd.DataFrame(
    {
        "status": ["proposed", "proposed", "missed", "proposed", "proposed"],
        "proposer": ["a", "x", "x", "b", "x"],
        "ticket": [0, 1, 2, 3, 4],
        "net_gwei": np.array([9, 8, 0, 7, 6]) * ETH,
        "block_price_gwei": np.array([NAN, 5, NAN, NAN, NAN]) * ETH,
    }
)
TRADES = pd.DataFrame(
    {
        "market": ["primary"] * 5 + ["secondary"],
        "ticket": [0, 1, 2, 3, 4, 4],
        "price_gwei": np.array([2, 4, 3, 3, 1, 5]) * ETH,
    }
)


def test_gains():
    np.testing.assert_array_equal(gains(BLOCKS, TRADES) / ETH, [7, 1, NAN, 4, 1])


def test_cost_over_an_honest_bidder():
    """Others gain 7 and 4 from a block, the censor 1 and 1; the block that it missed does not count."""
    assert cost_per_block(BLOCKS, TRADES, {"x"}) == 5.5 - 1
    assert cost_per_block(BLOCKS, TRADES, {"nobody"}) is None
    assert cost_per_block(BLOCKS, TRADES, {"a", "b", "x"}) is None


AUCTIONS = pd.DataFrame(
    [
        (0, "sold", "x", 9, 0),  # best other bid 6
        (2, "sold", "y", 5, 4),  # best other bid 1, below the reserve
        (1, "sold", "a", 5, 0),  # at the second price
        (3, "unsold", None, NAN, 0),
        (4, "sold", "x", 7, 0),  # nobody else bid
    ],
    columns=["auction", "outcome", "winner", "price", "reserve"],
).assign(price_gwei=lambda frame: frame.price * ETH, reserve_gwei=lambda frame: frame.reserve * ETH)
BIDS = pd.DataFrame(
    [
        (0, "x", 9, "won"),
        (0, "a", 6, "lost"),
        (0, "y", 8, "lost"),
        (0, "b", 99, "replaced"),
        (0, "b", 5, "lost"),
        (2, "y", 5, "won"),
        (2, "a", 1, "lost"),
        (1, "a", 8, "won"),
        (4, "x", 7, "won"),
    ],
    columns=["auction", "bidder", "price", "outcome"],
).assign(price_gwei=lambda frame: frame.price * ETH)


def test_premium_over_the_best_other_bid():
    assert (best_bids(AUCTIONS, BIDS, CENSORS) / ETH).tolist() == [6, 1, 8, 0, 0]
    blocks = pd.DataFrame({"proposer": ["x", "y", "a", "x", "y"]})
    assert premium_per_block(blocks, AUCTIONS, BIDS, CENSORS) == (3 + 1 + 7) / 4
    assert premium_per_block(blocks[2:3], AUCTIONS, BIDS, CENSORS) is None
