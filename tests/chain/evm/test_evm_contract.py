"""The ticket contract as it is compiled."""

from __future__ import annotations

import pytest

from chain.evm.abi import encode, selector
from chain.evm.bytecode import CONTRACTS, EXCHANGE, TICKETS, blueprint, compile_contract, read_abi, read_contract
from chain.evm.machine import Machine
from chain.evm.ticket_contract import ResaleFlags, contract_rules, run_beacon
from chain.rules import draw_rule
from chain.state import Rules
from tests.places import DOCS

DEPLOYER = b"\x0d" * 20
LARGEST_CODE = 24_576  # bytes, EIP-170


@pytest.mark.parametrize("name", CONTRACTS)
def test_what_is_shipped_is_what_the_source_compiles_to(name: str) -> None:
    assert read_contract(name) == compile_contract(name)


def test_the_codes_fit_on_ethereum() -> None:
    """EIP-170 is about the code that is deployed, immutable values included, not the one that deploys it."""
    machine = Machine(1)
    rules = Rules(supply=3, maturity=2, lookahead=0, draw=draw_rule("maturity"))
    mould = machine.deploy(blueprint(read_contract(EXCHANGE).code), DEPLOYER)
    beacon = machine.deploy(run_beacon(bytes(32)), DEPLOYER)
    arguments = encode((contract_rules(rules, ResaleFlags(True, True)), bytes(32), DEPLOYER, beacon, mould))
    tickets = machine.deploy(read_contract(TICKETS).code + arguments, DEPLOYER)
    exchange = machine.call(DEPLOYER, tickets, selector("exchange()"))[12:]
    for contract in (mould, tickets, exchange):
        assert 10_000 < code_size(machine, contract) <= LARGEST_CODE
    sizes = f"{code_size(machine, tickets):,} bytes and its exchange {code_size(machine, exchange):,}"
    assert sizes in (DOCS / "contract.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_docs_say_of_every_transaction_who_may_send_it(name: str) -> None:
    page = (DOCS / "contract.md").read_text(encoding="utf-8")
    rows = page.partition("## Who may do what")[2].partition("\n## ")[0]
    for entry in read_contract(name).abi:
        if entry["type"] == "function" and entry["stateMutability"] in ("nonpayable", "payable"):
            assert f"`{entry['name']}`" in rows


def code_size(machine: Machine, address: bytes) -> int:
    """EXTCODESIZE of an address, as the code of a contract: PUSH20 address, EXTCODESIZE, PUSH0, MSTORE, RETURN."""
    measure = machine.deploy(bytes.fromhex(f"73{address.hex()}3b5f5260205ff3"), DEPLOYER)
    code = machine._evm.get_code(f"0x{measure.hex()}")
    assert code is not None
    return int.from_bytes(code[:32], "big")


@pytest.mark.parametrize(
    ("event", "signature"),
    [
        ("Transfer", "Transfer(address,address,uint256)"),
        ("Approval", "Approval(address,address,uint256)"),
        ("ApprovalForAll", "ApprovalForAll(address,address,bool)"),
    ],
)
def test_the_events_are_those_of_erc_721(event: str, signature: str) -> None:
    (entry,) = [item for item in read_abi() if item["type"] == "event" and item["name"] == event]
    types = ",".join(argument["type"] for argument in entry["inputs"])
    assert f"{event}({types})" == signature


def test_its_interface_has_the_functions_of_erc_721_and_erc_4494() -> None:
    functions = {
        f"{item['name']}({','.join(argument['type'] for argument in item['inputs'])})"
        for item in read_abi()
        if item["type"] == "function"
    }
    wanted = {
        0x80AC58CD: [  # ERC-721
            "balanceOf(address)",
            "ownerOf(uint256)",
            "approve(address,uint256)",
            "getApproved(uint256)",
            "setApprovalForAll(address,bool)",
            "isApprovedForAll(address,address)",
            "transferFrom(address,address,uint256)",
            "safeTransferFrom(address,address,uint256)",
            "safeTransferFrom(address,address,uint256,bytes)",
        ],
        0x5B5E139F: ["name()", "symbol()", "tokenURI(uint256)"],
        0x5604E225: ["permit(address,uint256,uint256,bytes)", "nonces(uint256)", "DOMAIN_SEPARATOR()"],
    }
    for identifier, signatures in wanted.items():
        assert functions.issuperset(signatures)
        found = [int.from_bytes(selector(signature), "big") for signature in signatures]
        combined = 0
        for one in found:
            combined ^= one
        assert combined == identifier
