"""Faults planted in the contract: what is planted, and who notices."""

from __future__ import annotations

import json
from functools import cache

import pytest
from typer.testing import CliRunner

from chain.evm.abi import encode
from chain.evm.bytecode import BEACON, SOURCES, compile_contract, read_contract
from chain.evm.machine import Machine, Reverted
from chain.evm.ticket_contract import DEPLOYER
from experiments.lab.config.errors import InputError
from experiments.lab.conformance.mutants import __main__ as command
from experiments.lab.conformance.mutants.contract_tests import Killer, with_tests
from experiments.lab.conformance.mutants.equivalents import Change, change_of, not_there, read_equivalents
from experiments.lab.conformance.mutants.mutant import Mutant, mutants_of
from experiments.lab.conformance.mutants.score import scored
from experiments.lab.conformance.mutants.trial_of_mutant import Fate, Sources, read_sources
from experiments.lab.conformance.mutants.trials import OwnFault, Trials

SMALL = """# pragma version ~=0.4.3
struct Terms:
    most: uint256
    least: uint256

MOST: constant(uint256) = 7
PROTOCOL: immutable(address)
paid: HashMap[address, uint256]
closed: bool

@deploy
def __init__():
    PROTOCOL = msg.sender

@external
def pay(payee: address, terms: Terms):
    assert not self.closed, "closed"
    assert terms.least <= terms.most and terms.most == MOST, "bad_terms"
    if terms.least > 0:
        self.paid[payee] += self._between(terms.least + 1, MOST)

@view
@internal
def _between(least: uint256, most: uint256) -> uint256:
    return max(least, most)
"""
MADE = {
    "dropped check": 'assert not self.closed, "closed" -> pass',
    "dropped line": "self.paid[payee] += self._between(terms.least + 1, MOST) -> pass",
    "order of checks": 'assert not self.closed, "closed"\\nassert terms.least <= terms.most',
    "negated condition": "if terms.least > 0: -> if not (terms.least > 0):",
    "comparison": "if terms.least > 0: -> if terms.least >= 0:",
    "half equality": 'terms.most == MOST, "bad_terms" -> assert terms.least <= terms.most and terms.most >= MOST,',
    "dropped operand": '"bad_terms" -> assert (terms.most == MOST), "bad_terms"',
    "dropped negation": "-> assert self.closed",
    "constant": "constant(uint256) = 7 -> MOST: constant(uint256) = 8",
    "arithmetic": "-> self.paid[payee] += self._between(terms.least - 1, MOST)",
    "accumulation": "-> self.paid[payee] -= ",
    "extreme": "-> return min(least, most)",
    "answer": "-> return (max(least, most)) + 1",
    "account": "-> self.paid[msg.sender] += ",
    "field": "-> assert terms.most <= terms.most and",
    "swapped arguments": "-> self.paid[payee] += self._between(MOST, terms.least + 1)",
}
AUDITED = [
    ("safeTransferFrom", 'assert answer == 0x150b7a02, "not_receiver"', "pass"),
    ("isApprovedForAll", "return self.operators[owner][operator]", "return False"),
    ("isNonceUsed", "return (self.used[account][nonce >> 8] >> (nonce & 255)) & 1 == 1", "return False"),
    ("withdraw", "raw_call(to, b", "raw_call(PROTOCOL, b"),
    ("deposit", "self.funds[account] += ", "self.funds[msg.sender] += "),
    ("sell", 'assert title.drawnFor == 0, "auction_closed"', "pass"),
    ("handOut", 'assert self.slots == 0, "block_proposed"', "pass"),
    ("nonces", "return convert(", "return (convert(self._get(tokenId).nonce, uint256)) + 1"),
    ("_verify", "assert found != empty(address) and found == signer", "assert (found == signer)"),
]


@cache
def all_mutants() -> list[Mutant]:
    return [mutant for file in command.FILES for mutant in mutants_of(file, SOURCES)]


@pytest.fixture(scope="module")
def beacon(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    """A folder with the smallest of the contracts."""
    folder = tmp_path_factory.mktemp("beacon")
    (folder / "BlockBeacon.vy").write_text((SOURCES / "BlockBeacon.vy").read_text("utf-8"), "utf-8")
    return read_sources(folder)


def test_each_operator_makes_what_it_says_and_it_compiles(tmp_path):
    (tmp_path / "Small.vy").write_text(SMALL)
    mutants = mutants_of("Small.vy", tmp_path)
    for operator, words in MADE.items():
        told = {
            f"{one.before} -> {one.after}".replace("\n", "\\n"): one for one in mutants if one.operator == operator
        }
        (found,) = [one for change, one in told.items() if words in change]
        (tmp_path / "Small.vy").write_text(found.text)
        assert compile_contract("Small", tmp_path).code
    assert {one.operator for one in mutants} == MADE.keys()
    assert len({one.text for one in mutants} - {SMALL}) == len(mutants)


@pytest.mark.parametrize(("function", "before", "after"), AUDITED, ids=[name for name, *_ in AUDITED])
def test_what_an_audit_planted_is_planted(function, before, after):
    found = [
        one for one in all_mutants() if one.function == function and before in one.before and after in one.after
    ]
    assert len(found) == 1


def test_the_table_of_equivalents_names_mutants_that_there_are():
    assert not_there(read_equivalents(), all_mutants()) == []
    assert not_there([Change("BlockBeacon.vy", "record", "a line", "pass")], all_mutants())


def takes_a_past_block() -> str | None:
    """A test of the beacon: the hash of a block that is there already would be known."""
    machine = Machine(1)
    machine.open_block(10, 10)
    try:
        machine.deploy(read_contract(BEACON).code + encode((10, 5)), DEPLOYER)
    except Reverted:
        return None
    return "it takes a past block"


def test_a_planted_fault_is_noticed_by_whom_it_concerns(beacon):
    deployed = [one for one in mutants_of("BlockBeacon.vy", beacon.folder) if one.function == "__init__"]
    dropped = [one for one in deployed if one.operator == "dropped check"]
    own = [
        one._replace(text=one.text.replace("pass", 'assert first > block.number and spacing > 0, "bad_rules"'))
        for one in dropped
    ]
    broken = [one._replace(text=one.text.replace("pass", "pas")) for one in dropped]
    trials = Trials(beacon, [Killer("nobody", lambda: None), Killer("a test", takes_a_past_block)], jobs=1)
    noticed, same, none = trials.fates([*dropped, *own, *broken])
    assert noticed == Fate("killed", "a test", "it takes a past block")
    assert (same.verdict, none.verdict) == ("same code", "not compiled")
    assert Trials(beacon, [], jobs=1).fates(dropped) == [Fate("survived")]
    assert read_contract(BEACON) is read_contract(BEACON)


def test_who_finds_fault_with_the_contract_itself_is_no_judge(beacon):
    mutants = mutants_of("BlockBeacon.vy", beacon.folder)[:1]
    with pytest.raises(OwnFault, match=r"BlockBeacon.vy without a fault is killed by a grumbler: never"):
        Trials(beacon, [Killer("a grumbler", lambda: "never")], jobs=1).fates(mutants)


def test_the_score_counts_those_that_change_something():
    first, second, third, fourth = all_mutants()[:4]
    fates = [Fate("killed", "a test"), Fate("survived"), Fate("survived"), Fate("same code")]
    mutants = [first, second, third, fourth]
    score = scored(mutants, dict(zip(mutants, fates, strict=True)), {change_of(third): "it cannot be seen"})
    assert (score.share, score.is_enough) == (0.5, False)
    assert [row["verdict"] for row in score.data["mutants"]] == ["killed", "survived", "equivalent", "same code"]
    assert score.sentence.startswith("4 mutants: of 2 that change what the contract does 1 were noticed (50.0%)")
    excused = scored([first], {first: Fate("killed", "a test")}, {change_of(first): "it cannot be seen"})
    assert not excused.is_enough


def test_the_command_takes_a_part_of_them_and_refuses_what_is_none():
    some = command.chosen(all_mutants(), ["blockbeacon"], 5, seed=1)
    assert some == command.chosen(all_mutants(), ["blockbeacon"], 5, seed=1)
    assert some != command.chosen(all_mutants(), ["blockbeacon"], 5, seed=2)
    assert {one.file for one in some} == {"BlockBeacon.vy"}
    assert command.chosen(all_mutants(), [], None, seed=0) == all_mutants()
    with pytest.raises(InputError, match="--only BlockBacon: no mutant is of this; name a file"):
        command.chosen(all_mutants(), ["BlockBacon"], None, seed=0)


def test_without_the_tests_of_a_checkout_that_is_said(tmp_path):
    with pytest.raises(InputError, match="mutants need a checkout with its tests"):
        with_tests(tmp_path, lambda _: None)


@pytest.mark.slow
def test_the_command_tells_who_was_not_noticed(tmp_path):
    """Faults of a sum that the contract's tests and its twin all notice, where they change it."""
    result = CliRunner().invoke(
        command.app, ["--only", "_double", "--sample", "3", "--json", str(tmp_path / "out.json")]
    )
    assert result.exit_code == 0, result.output
    counts = json.loads((tmp_path / "out.json").read_text())["counts"]
    killed = counts["killed"]
    assert killed > 0
    assert killed + counts.get("equivalent", 0) == 3
    assert f"of {killed} that change what the contract does {killed} were noticed (100.0%)" in result.output
