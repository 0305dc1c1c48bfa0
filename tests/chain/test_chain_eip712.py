"""The encoder against eth-account's, and keccak against the published test vectors."""

from __future__ import annotations

import json
import struct

import eth_utils
import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from hypothesis import given, settings
from hypothesis import strategies as st

from chain.eip712 import Domain, StructType, keccak
from chain.protocol import PROPOSAL
from chain.signatures import Key
from chain.ticket import TICKET
from chain.transfer import TRANSFER

KINDS = {kind.name: kind for kind in (TICKET, TRANSFER, PROPOSAL)}
OF_TYPE = {
    "address": st.binary(min_size=20, max_size=20),
    "bytes32": st.binary(min_size=32, max_size=32),
    "uint64": st.integers(0, 2**64 - 1),
    "uint8": st.integers(0, 255),
    "bool": st.booleans(),
    "uint256": st.binary(min_size=32, max_size=32),
}
EVERY_TYPE = StructType("EveryType", [(f"{kind}Member", kind) for kind in OF_TYPE])


def values_of(kind):
    return st.tuples(*(OF_TYPE[type_] for _, type_ in kind.members))


@pytest.mark.parametrize("kind", [*KINDS.values(), EVERY_TYPE], ids=lambda kind: kind.name)
@given(data=st.data(), chain_id=st.integers(1, 2**63 - 1), secret=st.binary(min_size=32, max_size=32))
@settings(max_examples=40)
def test_digest_and_signature_are_those_of_eth_account(kind, data, chain_id, secret):
    domain, values, key = Domain(chain_id), data.draw(values_of(kind)), Key.derive(secret)
    typed = json.loads(json.dumps(domain.typed_data(kind, values)))
    wallet = Account.from_key(key._private.secret)
    signed = wallet.sign_message(encode_typed_data(full_message=typed))
    digest = domain.digest(kind, values)
    assert digest == signed.message_hash
    assert key.sign(digest) == signed.signature
    assert key.address == eth_utils.to_bytes(hexstr=wallet.address)


def test_typed_data_holds_no_number_that_json_would_round():
    message = Domain(1).typed_data(TICKET, (2**64 - 1,) * 4 + (b"\x00" * 32, 2**53 + 1))["message"]
    assert message["serial"] == "18446744073709551615"
    assert message["chainId"] == "9007199254740993"
    assert message["rulesId"] == "0x" + "00" * 32


@given(st.binary(max_size=300))
def test_keccak_is_that_of_eth_utils(data):
    assert keccak(data) == eth_utils.keccak(data)


def test_keccak_is_not_sha3():
    assert keccak(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    assert keccak(b"abc").hex() == "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"


def test_a_digest_holds_on_one_chain_and_for_one_type_alone():
    values = (b"\x01" * 20, b"\x02" * 20, 3, 4)
    twin = StructType("Gift", TRANSFER.members)
    cases = [(1, TRANSFER), (2, TRANSFER), (1, twin)]
    assert len({Domain(chain_id).digest(kind, values) for chain_id, kind in cases}) == len(cases)


@pytest.mark.parametrize("serial", [-1, 2**64, 1.5, "7", None])
def test_a_value_that_does_not_fit_its_type_has_no_digest(serial):
    with pytest.raises(struct.error):
        Domain(1).digest(TICKET, (serial, 0, 0, 0, b"\x00" * 32, 1))


def test_a_struct_type_names_the_member_type_it_does_not_know():
    with pytest.raises(ValueError, match="Sum: member type 'uint128' is not one of address, bytes32"):
        StructType("Sum", [("total", "uint128")])
