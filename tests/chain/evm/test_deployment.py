"""The contracts alone on a machine: how they are set up, what they sign for, the draw's seed, work in parts."""

from __future__ import annotations

from typing import Any

import pytest

from chain.eip712 import TICKETS_ADDRESS, Domain, keccak
from chain.evm.abi import Tail, encode, selector, word
from chain.evm.bytecode import BEACON, EXCHANGE, TICKETS, blueprint, read_contract
from chain.evm.machine import Machine, Reverted
from chain.evm.ticket_contract import (
    ALL,
    DEPLOYER,
    ResaleFlags,
    answer,
    contract_rules,
    creation_code,
    run_beacon,
    selectors,
)
from chain.rules import draw_rule
from chain.signatures import Key
from chain.state import Rules
from chain.ticket import NEVER
from chain.transfer import TRANSFER

PROTOCOL, OUTSIDER, NOBODY = b"\x0d" * 20, b"\x0e" * 20, b"\0" * 20
KEY = Key.derive(b"\x07" * 32)
LOTTERY = Rules(3, None, 0, draw_rule("lottery"))
NAMES = dict(selectors(read_contract(EXCHANGE).abi)) | dict(selectors(read_contract(TICKETS).abi))
(CONSTRUCTOR,) = [entry for entry in read_contract(TICKETS).abi if entry["type"] == "constructor"]
PLACES = [entry["name"] for entry in CONSTRUCTOR["inputs"][0]["components"]]


class Deployed:
    """The tickets of `rules` on a chain, with words of the constructor replaced."""

    def __init__(
        self,
        rules: Rules = LOTTERY,
        *,
        chain: int = 1,
        beacon: bytes | None = None,
        protocol: bytes = PROTOCOL,
        seed: bytes | None = None,
        **changes: Any,
    ) -> None:
        self.block = 0
        self.machine = Machine(chain)
        self.machine.give(DEPLOYER)
        self.machine.give(OUTSIDER)
        mould = self.machine.deploy(blueprint(read_contract(EXCHANGE).code), DEPLOYER)
        made = self.machine.deploy(beacon or run_beacon(b"\x05" * 32), DEPLOYER)
        words = list(contract_rules(rules, ResaleFlags(True, True)))
        for name, value in changes.items():
            words[PLACES.index(name)] = value
        arguments = encode((tuple(words), bytes(32), protocol, seed or made, mould))
        self.address = self.machine.deploy(read_contract(TICKETS).code + arguments, DEPLOYER)

    def call(self, name: str, caller: bytes, *arguments: object, value: int = 0) -> bytes:
        if name == "openSlot":  # in a block that knows the seed
            present = int.from_bytes(self.call("slot", OUTSIDER), "big", signed=True)
            self.begin(max(self.block, present + 2))
        return self.machine.call(caller, self.address, NAMES[name] + encode(arguments), value)

    def number(self, name: str, *arguments: object) -> int:
        return int.from_bytes(self.call(name, OUTSIDER, *arguments), "big")

    def begin(self, block: int) -> None:
        self.block = block
        self.machine.open_block(block, block)

    def slot(self) -> int:
        """A slot in which nobody proposes; the gas of its opening."""
        self.call("openSlot", PROTOCOL)
        gas = self.machine.gas
        self.call("leaveEmpty", PROTOCOL)
        self.call("expire", PROTOCOL, ALL)
        self.call("mint", PROTOCOL, 1)
        return gas


DATED = {"window": 3, "maturity": 2}


@pytest.mark.parametrize(
    "change",
    [
        {"supply": 0},
        {"supply": 0, "elastic": True},
        {"supply": 65_537},
        {"protocol": NOBODY},
        {"seed": OUTSIDER},
        {"refund": (3, 1)},
        {"refund": (1, 64 + 1023)},
        {"returned": (2, 0)},
        {"returned": (2**63 + 1, 63)},
        {"lookahead": 3},
        {"lookahead": 65_537, "elastic": True},
        {"missedFee": 1},
        {"missedFee": 8, "collateral": 7},
        {"maturity": 0},
        {"maturity": 65_536},
        {"ownerCap": 0},
        {"dealt": True},
        {"window": 4},
        {"maturity": 7, "window": 1},
        {"maturity": 1, "window": 1},
        {"window": 4, "maturity": 2},
        DATED | {"elastic": True},
        DATED | {"lookahead": 1, "dealt": True},
        {"collateral": 2**63},
    ],
)
def test_rules_that_a_config_refuses_are_refused(change):
    with pytest.raises(Reverted, match="bad_rules"):
        Deployed(**change)


@pytest.mark.parametrize(
    "change",
    [
        {"supply": 65_536},
        {"elastic": True, "lookahead": 3},
        {"elastic": True, "lookahead": 65_536},
        {"lookahead": 2},
        {"maturity": 1},
        {"maturity": 65_535},
        {"ownerCap": 1},
        {"refund": (2, 1), "returned": (1, 0)},
        {"refund": (2**63, 63), "returned": (2**64 - 1, 64)},
        {"refund": (2**53, 64 + 1022)},
        {"collateral": 2**63 - 1, "missedFee": 2**63 - 1},
        DATED | {"dealt": True},
        DATED | {"lookahead": 1},
    ],
)
def test_rules_that_a_config_takes_are_taken(change):
    assert Deployed(**change).number("totalSupply") == 0


def test_runs_sign_for_the_address_at_which_it_lies():
    assert Deployed().address == TICKETS_ADDRESS
    assert keccak(b"\xd6\x94" + DEPLOYER + b"\x02")[12:] == TICKETS_ADDRESS


@pytest.mark.parametrize("chain", [1, 1337])
def test_its_domain_is_of_its_address_and_chain(chain):
    tickets = Deployed(chain=chain)
    assert tickets.call("DOMAIN_SEPARATOR", OUTSIDER) == Domain(chain, tickets.address).separator
    other = Deployed.__new__(Deployed)
    other.__dict__ |= tickets.__dict__
    seed = tickets.machine.deploy(run_beacon(bytes(32)), OUTSIDER)
    mould = tickets.machine.deploy(blueprint(read_contract(EXCHANGE).code), OUTSIDER)
    arguments = encode((contract_rules(LOTTERY, ResaleFlags(True, True)), bytes(32), PROTOCOL, seed, mould))
    other.address = tickets.machine.deploy(read_contract(TICKETS).code + arguments, OUTSIDER)
    assert other.call("DOMAIN_SEPARATOR", OUTSIDER) != tickets.call("DOMAIN_SEPARATOR", OUTSIDER)


@pytest.mark.parametrize(("magic", "is_good"), [(b"\x16\x26\xba\x7e", True), (b"\x16\x26\xba\x7f", False)])
def test_a_wallet_that_is_a_contract_signs_by_eip_1271(magic, is_good):
    tickets = Deployed()
    wallet = tickets.machine.deploy(creation_code(answer(magic.ljust(32, b"\0"))), OUTSIDER)
    tickets.call("mint", PROTOCOL, 3)
    tickets.call("handOut", PROTOCOL, 0, wallet, 0, Tail.of_bytes(b""))
    transfer = (wallet, OUTSIDER, 0, 1, Tail.of_bytes(b"anything"))
    if is_good:
        tickets.call("transferSigned", OUTSIDER, *transfer)
        assert tickets.number("balanceOf", OUTSIDER) == 1
    else:
        with pytest.raises(Reverted, match="bad_signature"):
            tickets.call("transferSigned", OUTSIDER, *transfer)


def test_a_signature_may_be_folded_and_not_mirrored():
    tickets = Deployed()
    tickets.call("mint", PROTOCOL, 3)
    tickets.call("handOut", PROTOCOL, 0, KEY.address, 0, Tail.of_bytes(b""))
    terms = (KEY.address, OUTSIDER, 0, 1)
    signature = KEY.sign(Domain(1, tickets.address).digest(TRANSFER, terms))
    order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
    s = int.from_bytes(signature[32:64], "big")
    mirrored = signature[:32] + word(order - s) + bytes([55 - signature[64]])
    with pytest.raises(Reverted, match="bad_signature"):
        tickets.call("transferSigned", OUTSIDER, *terms, Tail.of_bytes(mirrored))
    folded = signature[:32] + word(s | (signature[64] - 27) << 255)
    for bent in (b"", folded[:63], folded + bytes(2), signature + b"\0", signature + bytes(64)):
        with pytest.raises(Reverted, match="bad_signature"):
            tickets.call("transferSigned", OUTSIDER, *terms, Tail.of_bytes(bent))
    tickets.call("transferSigned", OUTSIDER, *terms, Tail.of_bytes(folded))
    assert tickets.number("balanceOf", OUTSIDER) == 1


def test_an_urn_that_empties_in_each_slot_costs_no_more_after_a_thousand():
    tickets = Deployed(LOTTERY._replace(supply=1))
    tickets.call("mint", PROTOCOL, 1)
    tickets.call("drawFirst", PROTOCOL, 0)
    gas = [tickets.slot() for _ in range(1_030)]
    assert gas[-2] <= gas[2]


def test_nor_does_one_whose_words_empty_one_after_the_other():
    tickets = Deployed(LOTTERY._replace(supply=2))
    tickets.call("mint", PROTOCOL, 2)
    gas = [tickets.slot() for _ in range(1_030)]
    assert max(gas[-50:]) < max(gas[1:50]) + 1_000  # four words in vain cost 3,000


def test_no_slot_opens_while_there_are_expired_tickets_and_they_may_be_burned_in_parts():
    tickets = Deployed(LOTTERY._replace(supply=9, maturity=1))
    for _ in range(3):
        tickets.call("mint", PROTOCOL, 3)
    tickets.call("openSlot", PROTOCOL)
    tickets.call("leaveEmpty", PROTOCOL)
    for left in (5, 2):
        with pytest.raises(Reverted, match="block_open"):
            tickets.call("openSlot", PROTOCOL)
        tickets.call("expire", PROTOCOL, 3)
        assert tickets.number("urnSize") == left
    tickets.call("expire", PROTOCOL, 3)
    tickets.call("openSlot", PROTOCOL)


def test_the_first_draws_are_held_once_and_before_block_0():
    tickets = Deployed(LOTTERY._replace(supply=9, lookahead=3))
    tickets.call("mint", PROTOCOL, 9)
    with pytest.raises(Reverted, match="block_open"):
        tickets.call("openSlot", PROTOCOL)
    tickets.begin(1)
    for count in (1, 2):
        tickets.call("drawFirst", PROTOCOL, count)
    with pytest.raises(Reverted, match="block_proposed"):
        tickets.call("drawFirst", PROTOCOL, 1)
    assert tickets.number("urnSize") == 6
    tickets.call("openSlot", PROTOCOL)


def test_money_is_withdrawn_to_whom_its_owner_names():
    tickets = Deployed()
    there = b"\x0f" * 20
    tickets.call("deposit", OUTSIDER, OUTSIDER, value=7 * 10**9)
    with pytest.raises(Reverted, match="bad_taker"):
        tickets.call("withdraw", OUTSIDER, 1, NOBODY)
    tickets.call("withdraw", OUTSIDER, 3, there)
    assert tickets.machine.balance(there) == 3 * 10**9
    assert tickets.number("funds", OUTSIDER) == 4


class Hashes:
    """A beacon whose slots have the hashes of the blocks 10, 15, 20, …"""

    def __init__(self, tickets: Deployed) -> None:
        self.machine = tickets.machine
        self.address = self.machine.deploy(read_contract(BEACON).code + encode((10, 5)), DEPLOYER)

    def seed(self, slot: int, block: int) -> bytes:
        self.machine.open_block(block, block)
        return self.machine.call(OUTSIDER, self.address, selector("seedOf(uint256)") + encode((slot,)))


def test_the_seed_of_a_slot_is_fixed_whenever_it_is_asked_for():
    """A caller that waits, or reverts until it likes the draw, gets the same one."""
    hashes = Hashes(Deployed())
    for slot, block in ((0, 10), (2, 20)):
        with pytest.raises(Reverted, match="too_early"):
            hashes.seed(slot, block)
        seeds = {hashes.seed(slot, later) for later in (block + 1, block + 9, block + 256)}
        assert len(seeds) == 1
        assert seeds != {bytes(32)}
    assert hashes.seed(0, 11) != hashes.seed(1, 16)


def test_the_block_of_a_slot_is_one_whose_hash_is_known_and_moves_on_with_what_the_chain_forgets():
    hashes = Hashes(Deployed())

    def block_of(slot: int, block: int) -> int:
        hashes.machine.open_block(block, block)
        told = hashes.machine.call(OUTSIDER, hashes.address, selector("blockOf(uint256)") + encode((slot,)))
        return int.from_bytes(told, "big")

    assert [block_of(0, block) for block in (10, 11, 266, 267, 522, 523)] == [10, 10, 10, 266, 266, 522]
    assert [block_of(slot, 30) for slot in (0, 1, 2, 7)] == [10, 15, 20, 45]
    assert hashes.seed(0, 266) == hashes.seed(0, 11)
    assert any(hashes.seed(0, 267))
    assert any(hashes.seed(0, 522))


def test_a_seed_that_is_recorded_stays_when_the_chain_has_forgotten_the_block():
    hashes = Hashes(Deployed())
    kept = hashes.seed(0, 11)
    moved = hashes.seed(0, 300)
    assert moved not in (kept, bytes(32))
    hashes.machine.open_block(11, 11)
    hashes.machine.call(OUTSIDER, hashes.address, selector("record(uint256)") + encode((0,)))
    assert hashes.seed(0, 300) == kept


def test_no_ticket_is_minted_between_a_seed_and_its_draw():
    """The protocol could choose among as many draws as it can mint tickets."""
    tickets = Deployed(LOTTERY._replace(supply=9), beacon=read_contract(BEACON).code + encode((10, 5)))
    for slot in range(3):
        tickets.begin(10 + 5 * slot)
        tickets.call("mint", PROTOCOL, 1)
        for block in (1, 5, 300):
            tickets.begin(tickets.block + block)
            with pytest.raises(Reverted, match="seed_known"):
                tickets.call("mint", PROTOCOL, 1)
        tickets.begin(11 + 5 * slot)
        tickets.call("openSlot", PROTOCOL)
        tickets.call("leaveEmpty", PROTOCOL)
        tickets.call("mint", PROTOCOL, 1)


def test_no_ticket_is_minted_between_the_first_draws():
    tickets = Deployed(LOTTERY._replace(supply=9, lookahead=2))
    tickets.call("mint", PROTOCOL, 8)
    tickets.begin(1)
    for _ in range(2):
        with pytest.raises(Reverted, match="seed_known"):
            tickets.call("mint", PROTOCOL, 1)
        tickets.call("drawFirst", PROTOCOL, 1)
    tickets.call("openSlot", PROTOCOL)
    tickets.call("mint", PROTOCOL, 1)


def test_the_seed_of_a_past_block_is_no_secret():
    machine = Machine(1)
    machine.open_block(10, 10)
    for first, spacing in ((10, 5), (11, 0)):
        with pytest.raises(Reverted, match="bad_rules"):
            machine.deploy(read_contract(BEACON).code + encode((first, spacing)), DEPLOYER)
    assert machine.deploy(read_contract(BEACON).code + encode((11, 1)), DEPLOYER)


def test_a_ticket_without_end_is_never_expired():
    tickets = Deployed()
    tickets.call("mint", PROTOCOL, 3)
    for _ in range(4):
        tickets.slot()
    assert tickets.number("totalSupply") == 3
    assert tickets.call("ticketOf", OUTSIDER, 3)[96:128] == word(NEVER)
