"""Signing, recovering, and what is no signature at all."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.eip712 import Domain, keccak
from chain.errors import BadSignature
from chain.signatures import Ecdsa, Key, Unsigned, recover
from chain.transfer import TRANSFER

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
KEY = Key.derive(b"\x05" * 32)
OTHER = Key.derive(b"\x06" * 32)
DIGEST = keccak(b"a message")
GOOD = KEY.sign(DIGEST)
R, S, V = GOOD[:32], GOOD[32:64], GOOD[64:]
VALUES = (b"\x01" * 20, b"\x02" * 20, 3, 4)


def word(number: int) -> bytes:
    return number.to_bytes(32, "big")


def twin(signature: bytes) -> bytes:
    """The same signature with s mirrored: n − s, and the other v."""
    s = int.from_bytes(signature[32:64], "big")
    return signature[:32] + word(ORDER - s) + bytes([55 - signature[64]])


MALFORMED = {
    "empty": b"",
    "too short": GOOD[:-2],
    "too long": GOOD + b"\x00",
    **{f"v = {v}": R + S + bytes([v]) for v in (0, 1, 26, 29, 255)},
    "r = 0": word(0) + S + V,
    "s = 0": R + word(0) + V,
    "r = n": word(ORDER) + S + V,
    "s = n": R + word(ORDER) + V,
    "s = 2^256 - 1": R + word(2**256 - 1) + V,
    "r is no x of the curve": word(5) + S + V,
}


@pytest.mark.parametrize("signature", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_signature_is_refused(signature):
    with pytest.raises(BadSignature):
        recover(DIGEST, signature)


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=50))
def test_what_a_key_signs_is_recovered_and_has_a_low_s(secret, message):
    key, digest = Key.derive(secret), keccak(message)
    signature = key.sign(digest)
    assert recover(digest, signature) == key.address
    assert key.sign(digest) == signature
    assert 0 < int.from_bytes(signature[32:64], "big") <= ORDER // 2


@given(st.integers(0, 519))
def test_a_flipped_bit_anywhere_in_a_signature_is_refused(bit):
    flipped = (int.from_bytes(GOOD, "big") ^ 1 << bit).to_bytes(65, "big")
    signatures = ecdsa()
    with pytest.raises(BadSignature):
        signatures.verify(KEY.address, TRANSFER, VALUES, flipped)


def test_the_mirrored_twin_is_refused():
    with pytest.raises(BadSignature, match="above half of the order"):
        recover(DIGEST, twin(GOOD))


@pytest.mark.parametrize("number", range(8))
def test_a_signature_may_be_folded_into_64_bytes(number):
    """EIP-2098: v is the highest bit of s. The digests have both."""
    digest = keccak(bytes([number]))
    signature = KEY.sign(digest)
    s = int.from_bytes(signature[32:64], "big") | (signature[64] - 27) << 255
    assert recover(digest, signature[:32] + word(s)) == KEY.address


@pytest.mark.parametrize("seed", [0, 1, ORDER - 2, ORDER - 1, ORDER, 2**256 - 1])
def test_every_32_bytes_stand_for_a_key(seed):
    key = Key.derive(word(seed))
    assert recover(DIGEST, key.sign(DIGEST)) == key.address


def ecdsa(memory: int = 4096) -> Ecdsa:
    signatures = Ecdsa(Domain(1337), memory)
    signatures.verify(KEY.address, TRANSFER, VALUES, signatures.sign(KEY, TRANSFER, VALUES))
    return signatures


def test_what_is_remembered_is_remembered_of_its_own_signer_and_values():
    signatures = ecdsa()
    signature = signatures.sign(KEY, TRANSFER, VALUES)
    with pytest.raises(BadSignature, match=f"not by 0x{OTHER.address.hex()}"):
        signatures.verify(OTHER.address, TRANSFER, VALUES, signature)
    with pytest.raises(BadSignature):
        signatures.verify(KEY.address, TRANSFER, (*VALUES[:3], 5), signature)
    with pytest.raises(BadSignature):
        signatures.verify(KEY.address, TRANSFER, VALUES, signatures.sign(OTHER, TRANSFER, VALUES))


def test_only_the_last_messages_are_remembered():
    signatures = ecdsa(memory=3)
    messages = [(*VALUES[:3], nonce) for nonce in range(10)]
    for _ in range(2):
        for values in messages:
            signatures.verify(KEY.address, TRANSFER, values, signatures.sign(KEY, TRANSFER, values))
    assert len(signatures._signers) == 3


def test_without_signatures_every_message_is_taken_at_its_word():
    signatures = Unsigned(Domain(1337))
    assert signatures.sign(KEY, TRANSFER, VALUES) == b""
    signatures.verify(OTHER.address, TRANSFER, VALUES, b"whatever")


def test_a_key_shows_its_address_alone_and_survives_a_copy():
    assert repr(KEY) == f"Key(0x{KEY.address.hex()})"
    assert pickle.loads(pickle.dumps(KEY)).sign(DIGEST) == GOOD


@pytest.fixture
def recovered(monkeypatch) -> list[bytes]:
    """The digests that the curve was asked about."""
    asked = []

    def counted(digest: bytes, signature: bytes) -> bytes:
        asked.append(digest)
        return recover(digest, signature)

    monkeypatch.setattr("chain.signatures.recover", counted)
    return asked


def test_what_was_signed_here_is_not_recovered_again(recovered):
    ecdsa()
    assert recovered == []


def test_what_was_signed_elsewhere_is_recovered_once(recovered):
    signature = ecdsa().sign(KEY, TRANSFER, VALUES)
    elsewhere = Ecdsa(Domain(1337))
    for _ in range(2):
        elsewhere.verify(KEY.address, TRANSFER, VALUES, signature)
    assert len(recovered) == 1


def test_what_was_signed_here_for_one_account_is_refused_for_another(recovered):
    signatures = ecdsa()
    with pytest.raises(BadSignature):
        signatures.verify(OTHER.address, TRANSFER, VALUES, signatures.sign(KEY, TRANSFER, VALUES))
    assert recovered == []
