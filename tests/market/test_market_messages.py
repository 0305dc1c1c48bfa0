"""Orders, listings and bids as wallets sign them."""

from __future__ import annotations

import json

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from hypothesis import given, settings
from hypothesis import strategies as st

from chain.eip712 import Domain
from chain.errors import BadSignature, NonceUsed
from chain.signatures import Ecdsa, Key
from chain.ticket import Series
from market.auctions import CODES
from market.messages import (
    BID,
    LISTING,
    ORDER,
    SIDES,
    SOLD,
    Listing,
    Order,
    SignedBid,
    struct_type,
)
from market.time_in_force import TIFS

KEYS = [Key.derive(bytes([number]) * 32) for number in range(4)]
ADDRESSES = [key.address for key in KEYS]
BITS = {"address": 160, "bytes32": 256, "uint8": 8, "uint64": 64, "bool": 1}
CURVE = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141

numbers = st.integers(0, 2**64 - 1)
accounts = st.integers(0, len(KEYS) - 1)
maybe = st.none() | numbers
orders = st.builds(
    Order,
    maker=accounts,
    side=st.sampled_from(SIDES),
    tif=st.sampled_from([*TIFS]),
    series=st.builds(Series, st.booleans(), numbers),
    ticket=maybe,
    transfer_nonce=numbers,
    price=numbers,
    valid_from=numbers,
    valid_until=numbers,
    nonce=numbers,
    signature=st.just(b""),
)
listings = st.builds(
    Listing,
    seller=accounts,
    sells=st.sampled_from(SOLD),
    format=st.sampled_from([*CODES]),
    ticket=maybe,
    transfer_nonce=numbers,
    block=maybe,
    reserve=numbers,
    start=numbers,
    tick=numbers,
    deadline=numbers,
    nonce=numbers,
    signature=st.just(b""),
)
bids = st.builds(
    SignedBid,
    bidder=accounts,
    auction=numbers,
    listing=st.binary(min_size=32, max_size=32),
    price=numbers,
    valid_until=numbers,
    nonce=numbers,
    signature=st.just(b""),
)
messages = st.one_of(orders, listings, bids)


@given(messages, st.integers(1, 2**63 - 1))
@settings(max_examples=120)
def test_digest_and_signature_are_those_of_eth_account(message, chain_id):
    domain, kind, values = Domain(chain_id), struct_type(message), message.values(ADDRESSES)
    key = KEYS[message[0]]
    typed = json.loads(json.dumps(domain.typed_data(kind, values)))
    signed = Account.sign_message(encode_typed_data(full_message=typed), key._private.secret)
    assert domain.digest(kind, values) == signed.message_hash
    assert Ecdsa(domain).sign(key, kind, values) == signed.signature


def test_every_message_has_a_type_of_its_own():
    kinds = [struct_type(message) for message in (Order(*[0] * 10), Listing(*[0] * 11), SignedBid(*[0] * 6))]
    assert kinds == [ORDER, LISTING, BID]
    assert len({kind.type_hash for kind in kinds}) == 3


@given(messages, st.data())
@settings(max_examples=300)
def test_a_flipped_bit_anywhere_in_a_message_is_refused(message, data):
    """Any bit of what is signed, or of the signature; also where the message was verified before."""
    signatures, kind, values = Ecdsa(Domain(1337)), struct_type(message), message.values(ADDRESSES)
    signer = ADDRESSES[message[0]]
    signature = signatures.sign(KEYS[message[0]], kind, values)
    signatures.verify(signer, kind, values, signature)
    field = data.draw(st.integers(0, len(values)), label="field (the last: the signature)")
    if field == len(values):
        signature = flip(signature, data.draw(st.integers(0, 8 * 65 - 1), label="bit"))
    else:
        bit = data.draw(st.integers(0, BITS[kind.members[field][1]] - 1), label="bit")
        values = (*values[:field], flip(values[field], bit), *values[field + 1 :])
    with pytest.raises(BadSignature):
        signatures.verify(signer, kind, values, signature)


def flip(value, bit: int):
    if isinstance(value, bytes):
        return (int.from_bytes(value, "big") ^ 1 << bit).to_bytes(len(value), "big")
    return not value if isinstance(value, bool) else value ^ 1 << bit


@given(messages, accounts)
@settings(max_examples=50)
def test_a_message_holds_of_its_signer_alone(message, other):
    signatures, kind, values = Ecdsa(Domain(1337)), struct_type(message), message.values(ADDRESSES)
    signature = signatures.sign(KEYS[message[0]], kind, values)
    if other == message[0]:
        signatures.verify(ADDRESSES[other], kind, values, signature)
    else:
        with pytest.raises(BadSignature):
            signatures.verify(ADDRESSES[other], kind, values, signature)


def mirrored(signature: bytes) -> bytes:
    """The other valid signature of the same message by the same key: s becomes n − s."""
    s = int.from_bytes(signature[32:64], "big")
    return signature[:32] + (CURVE - s).to_bytes(32, "big") + bytes([55 - signature[64]])


def test_the_mirrored_twin_of_a_used_bid_is_refused_as_a_replay(market):
    auction = market.house.open_sale(market.listing(1, 3), 0)
    bid = market.offer(2, auction, 50)
    twin = bid._replace(signature=mirrored(bid.signature))
    market.house.enter(bid, 0)
    market.refuses(NonceUsed, market.house.enter, twin, 0)
    assert market.money(2) == (950, 50)


@pytest.mark.parametrize("signature", [b"", b"\x00" * 65, b"\x01" * 64 + b"\x1b", b"\x01" * 66])
def test_a_malformed_signature_is_refused_on_entry(market, signature):
    auction = market.house.open_sale(market.listing(1, 3), 0)
    bid = market.offer(2, auction, 50)
    market.refuses(BadSignature, market.house.enter, bid._replace(signature=signature), 0)
    market.house.enter(bid, 0)
