"""The draw: without bias, open to recomputation, and the same whatever anyone does."""

from __future__ import annotations

import eth_utils
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from chain.beacon import Beacon, compute_index

FALSE_ALARM = 6.3e-5  # of each test below that can fail by chance: |z| ≤ 4


def recomputed(seed: bytes, slot: int, bound: int, key: bytes = b"") -> int:
    """The index of a slot, as anyone computes it who has the seed."""
    attempt = 0
    while True:
        word = eth_utils.keccak(seed + slot.to_bytes(8, "big") + attempt.to_bytes(4, "big") + key)
        number = int.from_bytes(word, "big")
        if number < 2**256 - 2**256 % bound:
            return number % bound
        attempt += 1


@pytest.mark.parametrize("bound", range(1, 257))
def test_all_one_byte_words_make_every_index_equally_likely(bound):
    indices = [compute_index(bytes([byte]), bound) for byte in range(256)]
    assert [indices.count(index) for index in range(bound)] == [256 // bound] * bound
    assert indices.count(None) == 256 % bound


def test_two_byte_words_too():
    indices = [compute_index(number.to_bytes(2, "big"), 1000) for number in range(2**16)]
    assert [indices.count(index) for index in (0, 535, 536, 999)] == [65] * 4
    assert indices.count(None) == 536


@pytest.mark.parametrize(("key", "as_bytes"), [("second", b"second"), (7, b"7"), (np.int64(7), b"7"), ("", b"")])
def test_a_second_draw_of_a_block_has_a_word_of_its_own(key, as_bytes):
    """Two draws without a key are one word: below(4) is below(8) mod 4. With a key the pairs are all there."""
    beacon = Beacon(b"\x01" * 32)
    pairs = {(beacon.below(4, block), beacon.below(8, block, key)) for block in range(400)}
    assert beacon.below(8, 5, key) == recomputed(beacon.seed, 5, 8, as_bytes)
    assert len(pairs) == (32 if as_bytes else 8)


def test_what_is_no_block_and_no_key_is_told():
    beacon = Beacon(b"\x01" * 32)
    with pytest.raises(ValueError, match="a draw is for a block, 0 or more; this one is for -1"):
        beacon.below(4, -1)
    with pytest.raises(TypeError, match=r"a text or a whole number, not 1\.5"):
        beacon.below(4, 1, 1.5)


@pytest.mark.parametrize(
    ("n", "block", "error", "told"),
    [
        (16.0, 1, TypeError, r"n of a draw is a whole number, not 16\.0"),
        (np.float64(4), 1, TypeError, "n of a draw is a whole number"),
        ("4", 1, TypeError, "n of a draw is a whole number, not '4'"),
        (4, 1.0, TypeError, r"block of a draw is a whole number, not 1\.0"),
        (0, 1, ValueError, "among n, 1 or more and at most 2\\^256; this one is among 0"),
        (-3, 1, ValueError, "this one is among -3"),
        (2**256 + 1, 1, ValueError, "at most 2"),
    ],
)
def test_what_is_no_number_to_draw_from_is_told(n, block, error, told):
    with pytest.raises(error, match=told):
        Beacon(b"\x01" * 32).below(n, block)


def test_numbers_of_any_kind_of_whole_are_the_same():
    beacon = Beacon(b"\x01" * 32)
    assert beacon.below(np.int64(16), np.int32(3)) == beacon.below(16, 3)
    assert beacon.below(2**256, 3) == int.from_bytes(beacon.word(3), "big")


class ShortWords(Beacon):
    """A beacon whose words are the last byte of the true ones, so that many are rejected."""

    def word(self, slot: int, attempt: int = 0, key: str | int = "") -> bytes:
        return super().word(slot, attempt, key)[-1:]


def test_a_rejected_word_is_drawn_again():
    beacon = ShortWords(b"\x01" * 32)
    indices = [beacon.below(200, slot) for slot in range(20_000)]
    assert sum(beacon.word(slot)[0] >= 200 for slot in range(20_000)) > 4000
    assert stats.chisquare(np.bincount(indices, minlength=200)).pvalue > FALSE_ALARM


@given(st.binary(min_size=32, max_size=32), st.integers(0, 2**40), st.integers(1, 10**6))
def test_anyone_can_recompute_an_index(seed, slot, bound):
    assert Beacon(seed).below(bound, slot) == recomputed(seed, slot, bound)


def test_a_seed_has_32_bytes():
    with pytest.raises(ValueError, match="32 bytes, this one has 31"):
        Beacon(b"\x00" * 31)


def drawn_from(chain, slots: int) -> list[tuple[list[int], int]]:
    """The urn before every draw and the ticket that was drawn, with fresh tickets going to one and two in turn."""
    state, found = chain.state, []
    for slot in range(slots):
        urn = list(state.urn)
        chain.slot(owner=1 + slot % 2)
        found.append((urn, state.draws[slot + state.rules.lookahead].ticket))
    return found


@pytest.mark.parametrize("lookahead", [0, 2])
def test_every_draw_of_the_lottery_can_be_recomputed_from_the_seed(make_chain, lookahead):
    chain = make_chain(draw="lottery", supply=7, maturity=None, lookahead=lookahead).genesis()
    seed = chain.state.beacon.seed
    for slot, (urn, drawn) in enumerate(drawn_from(chain, 200)):
        assert len(urn) == 7 - lookahead
        assert drawn == urn[recomputed(seed, slot + lookahead, len(urn))]


@pytest.mark.parametrize("lookahead", [0, 3])
def test_the_lottery_is_uniform_over_the_urn(make_chain, lookahead):
    """Ranks in the urn, oldest ticket first, 20,000 draws; and pairs of successive ranks, for independence."""
    chain = make_chain(draw="lottery", supply=9, maturity=None, lookahead=lookahead, signed=False).genesis()
    ranks = np.array([urn.index(drawn) for urn, drawn in drawn_from(chain, 20_000)])
    size = 9 - lookahead
    assert stats.chisquare(np.bincount(ranks, minlength=size)).pvalue > FALSE_ALARM
    pairs = ranks[::2] * size + ranks[1::2]
    assert stats.chisquare(np.bincount(pairs, minlength=size**2)).pvalue > FALSE_ALARM


def test_validators_are_drawn_uniformly(make_chain):
    chain = make_chain(supply=0, validators=(1, 2, 3), signed=False)
    proposers = []
    for _ in range(6000):
        chain.open()
        proposers.append(chain.proposal().proposer)
        chain.propose()
    assert stats.chisquare(np.bincount(proposers)[1:]).pvalue > FALSE_ALARM


def test_words_do_not_depend_on_the_tickets(make_chain):
    """Of one seed, the tickets drawn differ, the words do not, and with equal urns neither do the ranks."""
    few, many = (make_chain(draw="lottery", supply=n, maturity=None).genesis() for n in (5, 8))
    before = [few.state.beacon.word(slot) for slot in range(50)]
    drawn = [[serial for _, serial in drawn_from(chain, 50)] for chain in (few, many)]
    assert drawn[0] != drawn[1]
    assert [many.state.beacon.word(slot) for slot in range(50)] == before
    assert len(set(before)) == 50

    ever, expiring = (make_chain(draw="lottery", supply=5, maturity=t).genesis() for t in (None, 3))
    ranks = [[urn.index(serial) for urn, serial in drawn_from(chain, 50)] for chain in (ever, expiring)]
    assert ranks[0] == ranks[1]
