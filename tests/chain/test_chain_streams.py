"""Random streams: each by its name, none disturbed by another."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chain.account import derive_accounts
from chain.randomness import Streams

NAMES = [("order",), ("cost", 1), ("cost", 2), ("cost", "1"), ("cost", 12), ("cost1",), ("cost", 1, 2), ()]
PINNED = [0.2409795016714078, 0.21407148587252545]
PINNED_SECRET = "f4673b2b3951872419cf96d57e7320ab36b0595388994640736a3cf0e19d8f78"
names = st.lists(st.one_of(st.text(max_size=5), st.integers(0, 9)), max_size=3).map(tuple)


def draws(streams: Streams, name: tuple[str | int, ...], count: int = 4) -> list[float]:
    return streams.generator(*name).random(count).tolist()


@given(st.integers(0, 2**64), names, st.lists(names, max_size=4))
@settings(max_examples=40)
def test_a_stream_depends_on_its_seed_and_name_alone(seed, name, others):
    alone, crowd = Streams(seed), Streams(seed)
    for other in others:
        crowd.generator(*other).random(100)
    assert draws(crowd, name) == draws(alone, name)
    assert crowd.secret(*name) == alone.secret(*name)


def test_streams_of_other_names_or_seeds_are_others():
    assert len({tuple(draws(Streams(seed), name)) for seed in (0, 1, 2**63) for name in NAMES}) == 3 * len(NAMES)
    assert len({Streams(7).secret(*name) for name in NAMES}) == len(NAMES)


def test_streams_are_uncorrelated():
    """Every pair, 10,000 draws each, |z| ≤ 4: a false alarm in 28 · 6.3e-5."""
    samples = np.array([Streams(7).generator(*name).random(10_000) for name in NAMES])
    z = np.corrcoef(samples)[np.triu_indices(len(NAMES), 1)] * 100
    assert np.abs(z).max() <= 4


def test_a_stream_is_the_same_on_every_machine():
    assert draws(Streams(7), ("order",), 2) == PINNED
    assert Streams(7).secret("beacon").hex() == PINNED_SECRET


def test_keys_go_by_seat_so_that_a_further_account_changes_none():
    few, more = (derive_accounts(Streams(7), names) for names in (["a"], ["b", "c"]))
    assert [account.address for account in few] == [account.address for account in more[:2]]
    assert [(account.number, account.name) for account in more] == [(0, "protocol"), (1, "b"), (2, "c")]
    assert len({account.address for account in more}) == 3


def test_a_negative_seed_is_refused():
    with pytest.raises(ValueError, match="seed is -1"):
        Streams(-1)
