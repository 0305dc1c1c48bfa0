"""θ by account and block."""

from __future__ import annotations

import pickle
from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.randomness import Streams
from market.best_use import BestUse
from market.capture import CapturePath, Volatility
from market.cost_laws import UniformCost
from market.cost_span import CostSpan
from market.costs import CHUNK, CostPath, FixedCost, WholeReward

LAW = UniformCost(100, 10**6)


def path(account: int = 1, law: UniformCost = LAW) -> CostPath:
    return CostPath(law, Streams(7).generator("cost", account))


ALL = path().between(0, 6 * CHUNK)


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), max_size=60))
def test_a_cost_is_the_same_whenever_it_is_asked_for(steps):
    """Asked forwards, as a run does, in windows of any length: the past is forgotten, the future never changes."""
    costs, first = path(), 0
    for step, length in steps:
        first = min(first + step, 6 * CHUNK)
        last = min(first + length, 6 * CHUNK)
        assert costs.between(first, last) == ALL[first : last + 1]


@given(st.integers(0, 300), st.integers(0, 300), st.slices(300) | st.integers(-300, 299))
def test_a_long_row_of_costs_is_to_its_reader_what_a_tuple_is(first, length, index):
    costs, plain = path().between(first, first + length), ALL[first : first + length + 1]
    assert list(costs) == list(plain)
    assert (len(costs), hash(costs), repr(costs)) == (len(plain), hash(plain), repr(plain))
    if isinstance(index, slice) or -len(plain) <= index < len(plain):
        assert costs[index] == plain[index]
    assert pickle.loads(pickle.dumps(costs)) == costs


def test_a_long_row_of_costs_says_nothing_of_later_blocks():
    """What comes after its last block is in no part of it."""
    costs = path().between(10, 500)
    assert isinstance(costs, CostSpan)
    assert max(costs.pieces, key=len)[0] == ALL[0]
    assert tuple(chain.from_iterable(costs.pieces)) == ALL[:501]


def test_the_past_is_forgotten_so_that_a_path_takes_constant_memory():
    costs = path()
    for first in range(0, 6 * CHUNK, 100):
        assert costs.cost(first) == ALL[first]
        assert sum(map(len, costs._pieces)) <= 3 * CHUNK
    with pytest.raises(ValueError, match=r"the cost of block 0 is forgotten; this path begins at block 4\d\d\d"):
        costs.between(0, 10)


def test_costs_are_whole_gwei_within_their_bounds_and_of_their_own_stream():
    assert all(type(cost) is int for cost in ALL[:10])
    assert min(ALL) >= 100
    assert max(ALL) <= 10**6
    assert path(2).between(0, 50) != ALL[:51]
    assert set(path(law=UniformCost(3, 5)).between(0, 200)) == {3, 4, 5}
    assert set(path(law=UniformCost(4, 4)).between(0, 200)) == {4}


def test_costs_are_uniform():
    """The mean and the share below a quarter of 6,145 draws, |z| ≤ 4."""
    sample = np.array(ALL)
    low, high = LAW
    assert abs(sample.mean() - (low + high) / 2) / ((high - low) / np.sqrt(12 * len(sample))) <= 4
    below = (sample <= LAW.quantile(0.25)).mean()
    assert abs(below - 0.25) / np.sqrt(0.25 * 0.75 / len(sample)) <= 4


@given(st.floats(0, 1))
def test_quantile_and_share_are_inverses(share):
    assert LAW.share_below(LAW.quantile(share)) == pytest.approx(share, abs=1e-9)


def test_the_shares_beyond_the_bounds():
    assert [LAW.share_below(cost) for cost in (99, 100, 10**6, 10**7)] == [0, 0, 1, 1]
    assert UniformCost(5, 5).share_below(5) == 1


def test_a_fixed_cost_is_the_same_in_every_block():
    assert FixedCost(42).between(3, 6) == (42, 42, 42, 42)


def test_the_oldest_cost_that_is_kept_can_be_asked_for_and_the_one_before_it_not():
    costs, first = path(), 4 * CHUNK
    costs.between(first, first)
    assert costs.between(first, first + 2) == ALL[first : first + 3]
    with pytest.raises(ValueError, match=f"the cost of block {first - 1} is forgotten"):
        costs.between(first - 1, first)
    assert costs.cost(first) == ALL[first]
    with pytest.raises(ValueError, match=f"the cost of block {first - 1} is forgotten"):
        costs.cost(first - 1)


class Waits(WholeReward):
    """Costs that are not there before their block: of whoever's ticket is drawn for it, say."""

    def between(self, first, last):
        assert first == last, "asked for what is not there yet"
        return (0,)


def test_the_most_that_anyone_can_make_of_a_block_is_found_for_many_at_a_time():
    """As one by one, over pieces and for those who capture a share, too; 0 where no reward pays."""

    def paths():
        rngs = np.random.default_rng(1).spawn(3)
        whole = [CostPath(UniformCost(5, 900), rng) for rng in rngs]
        return [None, *whole, FixedCost(700), CapturePath(0.8, 0.5, Volatility(0.7, np.random.default_rng(2)))]

    best, apart = BestUse(paths()), paths()[1:]
    for slot in range(0, 400, 3):
        made = [path.gross(slot, 3 * slot) - path.cost(slot) for path in apart]
        assert [path.cost(slot) for path in apart] == [path.between(slot, slot)[0] for path in apart]
        assert best.net(slot, 3 * slot) == max(0, *made)
    assert BestUse([None, *paths()[1:], Waits()]).net(64, 10_000) == 10_000
    assert BestUse([None, FixedCost(9)]).net(0, 8) == 0
    assert BestUse([None]).net(0, 8) == 0
