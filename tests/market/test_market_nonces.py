"""The bitmap of used nonces against a set of numbers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chain.errors import NonceUsed
from market.nonces import FULL, WORD, Nonces

near = st.one_of(st.integers(0, 5 * WORD), st.integers(0, 2**64 - 1))
uses = st.tuples(st.just("use"), near)
masks = st.one_of(st.integers(0, FULL), st.just(FULL))
cancels = st.tuples(st.just("cancel"), st.tuples(st.integers(0, 4), masks))


def is_used(nonces: Nonces, nonce: int) -> bool:
    try:
        nonces.check(nonce)
    except NonceUsed:
        return True
    return False


@given(st.lists(st.one_of(uses, cancels), max_size=40))
def test_nonces_are_a_set(operations):
    nonces, used = Nonces(), set()
    for kind, argument in operations:
        if kind == "cancel":
            word, mask = argument
            nonces.cancel(word, mask)
            used |= {WORD * word + bit for bit in range(WORD) if mask >> bit & 1}
        elif argument in used:
            with pytest.raises(NonceUsed, match=f"nonce {argument} was used before"):
                nonces.use(argument)
        else:
            nonces.use(argument)
            used.add(argument)
    for nonce in {*range(5 * WORD + 1), *used, *(nonce + 1 for nonce in used)}:
        assert is_used(nonces, nonce) == (nonce in used)


@given(st.permutations(range(2 * WORD)))
@settings(max_examples=15)
def test_any_order_is_good_and_full_words_are_folded(order):
    nonces = Nonces()
    for nonce in order:
        nonces.use(nonce)
    assert nonces._words == {}
    assert nonces._first == 2 * WORD
    assert is_used(nonces, 2 * WORD - 1)
    assert not is_used(nonces, 2 * WORD)


def test_counting_upwards_takes_constant_memory():
    nonces = Nonces()
    for nonce in range(10 * WORD):
        nonces.use(nonce)
        assert len(nonces._words) <= 1


def test_a_gap_holds_the_first_until_it_is_filled():
    nonces = Nonces()
    for word in (2, 1, 3):
        nonces.cancel(word, FULL)
    nonces.cancel(0, FULL - 1)
    assert nonces._first == 0
    nonces.use(0)
    assert (nonces._first, nonces._words) == (4 * WORD, {})
    nonces.cancel(0, 0)
    assert is_used(nonces, 5)


def test_there_are_no_negative_nonces():
    assert is_used(Nonces(), -1)
