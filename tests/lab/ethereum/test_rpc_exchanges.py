"""The public conformance data of execution-apis: each exchange has the shape of theirs, or a reason why not.

The data lie in the folder that ET_TESTBED_EXCHANGES names (a folder a method, a file a case); it is not a part of
the project.
"""

from __future__ import annotations

import os
import tomllib
from functools import cache
from pathlib import Path

import pytest
from web3 import Web3

from experiments import TestbedProvider
from tests.lab.ethereum.exchanges import Counterpart, difference, differences, in_our_terms, read_exchanges

FOLDER = os.environ.get("ET_TESTBED_EXCHANGES")
KNOWN = tomllib.loads((Path(__file__).parent / "exchange_differences.toml").read_text())
EXCHANGES = {each.name: each for each in read_exchanges(Path(FOLDER))} if FOLDER else {}
HEAD = 54
GAS = 100_000
CONFIG = {"blocks": 80, "seed": 3, "agents": [{"strategy": "truthful", "role": "buyer", "count": 3}]}
ACCESS = [{"address": "0x" + "11" * 20, "storageKeys": ["0x" + "00" * 32]}]
FEES = {
    "0x0": {"gasPrice": 10},
    "0x1": {"gasPrice": 10, "type": 1, "accessList": ACCESS},
    "0x2": {"maxFeePerGas": 10, "maxPriorityFeePerGas": 1, "accessList": ACCESS},
}


@cache
def chain():
    """A chain of ours at their head, and what stands for theirs."""
    provider = TestbedProvider(CONFIG, accounts=5)
    web3 = Web3(provider)
    anna, ben, *senders = provider.accounts
    tickets = web3.eth.contract(Web3.to_checksum_address(provider.ticket_address), abi=provider.ticket_abi)
    approve = tickets.encode_abi("setApprovalForAll", [ben.address, True])
    call = {"to": tickets.address, "data": approve, "gas": GAS, "value": 0, "chainId": web3.eth.chain_id}

    def signed(who, kind, nonce):
        return who.sign_transaction(call | FEES[kind] | {"nonce": nonce}).raw_transaction

    sent = {kind: web3.eth.send_raw_transaction(signed(anna, kind, nonce)) for nonce, kind in enumerate(FEES)}
    provider.make_request("evm_mine", [{"blocks": HEAD}])
    logs = provider.make_request("eth_getLogs", [{"fromBlock": "0x3"}])["result"]
    ours = Counterpart(
        account=anna.address.lower(),
        contract=provider.ticket_address,
        view=tickets.encode_abi("totalSupply", []),
        reverting=tickets.encode_abi("ownerOf", [10**9]),
        log=next(log for log in logs if len(log["topics"]) > 1 and log["address"] == provider.ticket_address),
        transactions={kind: hash.to_0x_hex() for kind, hash in sent.items()},
        blocks={number: web3.eth.get_block(number)["hash"].to_0x_hex() for number in range(HEAD + 1)},
        raw={f"0x0{kind[2]}": signed(who, kind, 0).to_0x_hex() for who, kind in zip(senders, FEES, strict=True)},
    )
    return provider, ours


@pytest.mark.skipif(not FOLDER, reason="ET_TESTBED_EXCHANGES names no folder of exchanges")
@pytest.mark.parametrize("name", sorted(EXCHANGES) or ["none"])
def test_an_exchange_has_the_shape_of_theirs(name):
    provider, ours = chain()
    exchange = EXCHANGES[name]
    answer = provider.make_request(exchange.request["method"], in_our_terms(exchange, ours))
    assert difference(exchange.answer, answer) == KNOWN.get(name, {}).get("differs", "")


@pytest.mark.skipif(not FOLDER, reason="ET_TESTBED_EXCHANGES names no folder of exchanges")
def test_what_is_known_to_differ_is_among_them():
    assert KNOWN.keys() <= EXCHANGES.keys()


def test_each_difference_has_its_reason():
    assert all(set(each) == {"differs", "reason"} and each["differs"] for each in KNOWN.values())


def test_shapes_are_told_apart():
    told = list(differences({"a": [{"b": "0x"}], "c": None}, {"a": [{"d": "0x"}], "c": "0x"}, ""))
    assert told == ["a lacks b", "a has d", "c is a text for null"]
    assert list(differences([1], [], "")) == ["has none"]
    assert difference({"error": {"code": 3}}, {"result": None}) == "error none for 3"
    assert difference({"error": {"code": 3}}, {"error": {"code": 3}}) == ""
