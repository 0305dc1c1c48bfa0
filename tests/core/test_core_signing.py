"""The encoder and the signatures, against eth-account."""

from __future__ import annotations

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from hypothesis import given, settings
from hypothesis import strategies as st

from chain.eip712 import Domain, keccak
from chain.errors import BadSignature
from chain.protocol import PROPOSAL
from chain.signatures import Ecdsa, Key, recover
from chain.ticket import TICKET, Ticket
from chain.transfer import TRANSFER
from market.messages import BID, LISTING, ORDER, SignedBid

UINT64 = st.integers(0, 2**64 - 1)
VALUES = {
    "address": st.binary(min_size=20, max_size=20),
    "bytes32": st.binary(min_size=32, max_size=32),
    "bool": st.booleans(),
    "uint8": st.integers(0, 255),
    "uint64": UINT64,
}
KINDS = [TICKET, PROPOSAL, TRANSFER, ORDER, LISTING, BID]
DOMAIN = Domain(1337)


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
@settings(max_examples=40, deadline=None)
@given(data=st.data(), secret=st.binary(min_size=32, max_size=32))
def test_digest_and_signature_are_those_of_eth_account(kind, data, secret):
    values = data.draw(st.tuples(*(VALUES[member] for _, member in kind.members)))
    key = Key.derive(secret)
    signable = encode_typed_data(full_message=DOMAIN.typed_data(kind, values))
    digest = keccak(b"\x19" + signable.version + signable.header + signable.body)
    assert DOMAIN.digest(kind, values) == digest
    number = int.from_bytes(secret, "big") % (N - 1) + 1
    theirs = Account.sign_message(signable, number.to_bytes(32, "big"))
    assert key.sign(digest) == bytes(theirs.signature)
    assert recover(digest, key.sign(digest)) == bytes.fromhex(
        Account.from_key(number.to_bytes(32, "big")).address[2:]
    )


N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
KEY = Key(b"\x11" * 32)


def signed_ticket() -> Ticket:
    ticket = Ticket(7, -1, 3, 40, b"\x22" * 32, 1337)
    return ticket._replace(signature=KEY.sign(ticket.digest()))


def test_a_ticket_is_verified_from_its_own_fields():
    signed_ticket().verify(KEY.address)
    with pytest.raises(BadSignature):
        signed_ticket().verify(b"\x00" * 20)


@settings(max_examples=300, deadline=None)
@given(field=st.sampled_from(Ticket._fields), bit=st.integers(0, 519))
def test_a_flipped_bit_anywhere_in_a_ticket_is_refused(field, bit):
    ticket = signed_ticket()
    forged = ticket._replace(**{field: flip(getattr(ticket, field), bit)})
    with pytest.raises(BadSignature):
        forged.verify(KEY.address)


@settings(max_examples=300, deadline=None)
@given(field=st.sampled_from(["auction", "price", "nonce", "signature"]), bit=st.integers(0, 519))
def test_a_flipped_bit_anywhere_in_a_bid_is_refused(field, bit):
    ecdsa, bid = Ecdsa(DOMAIN), SignedBid(0, 3, 10**9, 5)
    bid = bid._replace(signature=ecdsa.sign(KEY, BID, bid.values([KEY.address])))
    ecdsa.verify(KEY.address, BID, bid.values([KEY.address]), bid.signature)
    forged = bid._replace(**{field: flip(getattr(bid, field), bit)})
    with pytest.raises(BadSignature):
        ecdsa.verify(KEY.address, BID, forged.values([KEY.address]), forged.signature)


def flip(value, bit):
    """One bit of a number (of its low 63) or of a byte string turned over."""
    if isinstance(value, int):
        return value ^ 1 << bit % 63
    index = bit % (8 * len(value))
    changed = bytearray(value)
    changed[index // 8] ^= 1 << index % 8
    return bytes(changed)


@pytest.mark.parametrize(
    "signature", [b"", b"\1" * 64, b"\0" * 64 + b"\x1b", b"\xff" * 64 + b"\x1b", b"\1" * 64 + b"\x1d"]
)
def test_what_is_no_signature_is_refused(signature):
    with pytest.raises(BadSignature):
        recover(b"\x33" * 32, signature)
