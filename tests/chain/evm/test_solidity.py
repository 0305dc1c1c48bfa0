"""What the contracts say of themselves, and the interfaces in Solidity that are made of it."""

from __future__ import annotations

import pytest

from chain.evm.bytecode import CONTRACTS, read, read_abi
from chain.evm.natspec import vyper_source
from chain.evm.reverts import own_reasons
from chain.evm.solidity import call_lines, interface


@pytest.mark.parametrize("name", CONTRACTS)
def test_what_is_shipped_is_what_the_source_says(name):
    assert read(f"interfaces/I{name}.sol") == interface(name)


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_function_event_and_getter_says_what_it_does_takes_and_gives(name):
    source = vyper_source(name)
    for node in source.functions("external"):
        told = [tag.subject for tag in source.note_of(node) if tag.name == "param"]
        assert told == [argument.arg for argument in node.args.args], node.name
        assert names(source, node).count("return") == (node.returns is not None), node.name
        assert "notice" in names(source, node), node.name
    for event in source.nodes("EventDef"):
        told = [tag.subject for tag in source.note_of(event) if tag.name == "param"]
        assert told == [field.target.id for field in event.body], event.name
        assert "notice" in names(source, event), event.name
    for getter in source.getters():
        assert {"notice", "return"} <= set(names(source, getter)), getter.target.id


def names(source, node):
    return [tag.name for tag in source.note_of(node)]


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_reason_of_a_revert_is_told_and_none_that_there_is_not(name):
    told = vyper_source(name).refusals
    assert set(told) == own_reasons(name)
    assert all(told.values())


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("ExecutionTickets", "function ownerOf(uint256 tokenId) external view returns (address);"),
        ("ExecutionTickets", "function funds(address account) external view returns (uint256);"),
        ("ExecutionTickets", "function titleOf(uint256 tokenId) external view returns (Title memory);"),
        ("ExecutionTickets", "function deposit(address account) external payable;"),
        ("ExecutionTickets", "event Burned(uint256 indexed tokenId, address indexed owner, string end);"),
        ("ExecutionTickets", "function propose(Proposal calldata proposal, bytes calldata sig) external payable;"),
        ("ExecutionTickets", "/// @custom:reverts block_open, not_protocol, rule_broken, too_early"),
        ("TicketExchange", "function giveBack(Order calldata order, bytes calldata sig) external;"),
        ("TicketExchange", 'string internal constant NOT_CROSSED = "not_crossed";'),
        ("TicketsLens", "uint256[] calldata tickets,"),
    ],
)
def test_a_line_is_as_solidity_writes_it(name, line):
    assert line in [found.strip() for found in interface(name).splitlines()]


def test_a_function_with_a_default_stands_there_without_and_with_it():
    shown = interface("ExecutionTickets")
    short = "function safeTransferFrom(address owner, address to, uint256 tokenId) external;"
    before = shown.partition(short)[0].rpartition("\n\n")[2]
    assert "@param tokenId" in before
    assert "@param data" not in before
    assert "uint256 tokenId, bytes calldata data) external;" in shown


def test_every_entry_of_the_abi_is_in_the_interface():
    shown = interface("ExecutionTickets")
    for entry in read_abi():
        if entry["type"] in ("function", "event"):
            assert f"{entry['type']} {entry['name']}(" in shown


def test_a_line_that_is_too_long_is_folded():
    fields = [f"uint256 a_number_of_which_there_are_{count}" for count in range(3)]
    assert call_lines("function short", fields[:1], "") == [f"function short({fields[0]});"]
    folded = ["function long(", f"    {fields[0]},", f"    {fields[1]},", f"    {fields[2]}", ") external;"]
    assert call_lines("function long", fields, " external") == folded
