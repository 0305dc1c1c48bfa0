"""The golden vectors against this encoder, coincurve and eth-account."""

from __future__ import annotations

import json
from hashlib import sha256

import coincurve
import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils import keccak as eth_keccak

from chain.eip712 import StructType, keccak
from experiments.lab.conformance.vectors import CASES, file_name, main, text
from tests.places import VECTORS

FOLDER = VECTORS
KINDS = pytest.mark.parametrize("kind", CASES, ids=lambda kind: kind.name)
DOMAIN = [("name", "string"), ("version", "string"), ("chainId", "uint256"), ("verifyingContract", "address")]


def unhex(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def read(kind: StructType) -> dict:
    return json.loads((FOLDER / file_name(kind)).read_text(encoding="utf-8"))


@KINDS
def test_the_files_are_what_the_testbed_signs(kind):
    assert (FOLDER / file_name(kind)).read_text(encoding="utf-8") == text(kind)


def test_the_command_writes_a_file_for_every_type(tmp_path):
    main(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in FOLDER.glob("*.json"))


@KINDS
def test_eth_account_hashes_and_signs_the_same(kind):
    file = read(kind)
    for vector in file["vectors"]:
        types = file["types"] | {"EIP712Domain": [{"name": name, "type": type_} for name, type_ in DOMAIN]}
        typed = {
            "domain": vector["domain"],
            "types": types,
            "primaryType": kind.name,
            "message": vector["message"],
        }
        signable = encode_typed_data(full_message=typed)
        signed = Account.sign_message(signable, vector["privateKey"])
        assert signable.header.hex() == vector["domainSeparator"][2:]
        assert signable.body.hex() == vector["structHash"][2:]
        assert bytes(signed.message_hash) == unhex(vector["digest"])
        assert bytes(signed.signature) == unhex(vector["signature"])
        assert Account.recover_message(signable, signature=vector["signature"]).lower() == vector["address"]


def test_a_tickets_rules_id_is_the_hash_of_the_rules_that_stand_beside_it():
    """With eth-account's own hash; the rules name the digests of their files."""
    file = read(next(kind for kind in CASES if kind.name == "Ticket"))
    rules = json.loads(file["rules"])
    assert file["vectors"][0]["message"]["rulesId"] == "0x" + eth_keccak(text=file["rules"]).hex()
    assert rules["draw"] == "epoch"
    assert rules["own"]["market.own_format"]["files"] == {"mine.py": sha256(b"vectors").hexdigest()}


@KINDS
def test_the_curve_gives_the_address_back(kind):
    for vector in read(kind)["vectors"]:
        signature, digest = unhex(vector["signature"]), unhex(vector["digest"])
        assert keccak(b"\x19\x01" + unhex(vector["domainSeparator"]) + unhex(vector["structHash"])) == digest
        raw = signature[:64] + bytes([signature[64] - 27])
        public = coincurve.PublicKey.from_signature_and_message(raw, digest, hasher=None)
        assert keccak(public.format(compressed=False)[1:])[12:] == unhex(vector["address"])


def test_the_first_bid_is_the_one_that_was_written_down():
    bid = read(next(kind for kind in CASES if kind.name == "Bid"))["vectors"][0]
    assert bid["message"]["price"] == "100000000"
    assert bid["digest"] == "0x50238a6a70d508dad906e02d9b9843430e19cf1135a61bf922eb1f6946f561ca"
