"""Tickets that nobody bought and that are burned, on the contract alone."""

from __future__ import annotations

import pytest

from chain.evm.machine import Reverted
from chain.rules import draw_rule
from chain.state import Rules
from tests.chain.evm.test_deployment import KEY, OUTSIDER, PROTOCOL, Deployed
from tests.chain.evm.test_evm_rounds import burned, dates, settle
from tests.chain.evm.test_tickets_terms import drawn_by, refusal, signed

VOID = Rules(3, 2, 0, draw_rule("maturity"), void=True)


def offered(rules: Rules = VOID) -> Deployed:
    """The protocol has all tickets."""
    tickets = Deployed(rules)
    tickets.call("mint", PROTOCOL, 3)
    return tickets


@pytest.mark.parametrize(
    ("change", "reason"), [({"window": 0}, "bad_rules"), ({"window": 2}, "bad_rules"), ({}, None)]
)
def test_each_ticket_is_for_a_round_of_its_own(change, reason):
    try:
        Deployed(VOID, **change)
        told = None
    except Reverted as reverted:
        told = str(reverted)
    assert told == reason


@pytest.mark.parametrize("size", [1, 2])
def test_its_blocks_have_none_and_none_is_minted_before_they_are_settled(size):
    tickets = offered(VOID._replace(round=size))
    tickets.call("burnUnsold", PROTOCOL, 1)
    assert tickets.machine.logs() == burned(1, PROTOCOL, "void")
    assert [tickets.number(name) for name in ("totalSupply", "urnSize")] == [2, 2]
    assert refusal(tickets, "ownerOf", OUTSIDER, 1) == "ticket_burned"
    assert refusal(tickets, "mint", PROTOCOL, 1) == "supply_full"
    settle(tickets, *["missed"] * size)
    tickets.call("mint", PROTOCOL, 1)
    assert dates(tickets, 3) == (3 * size, 4 * size - 1)
    for _ in range(size):
        assert refusal(tickets, "mint", PROTOCOL, 1) == "supply_full"
        settle(tickets, "missed")
        assert drawn_by(tickets, tickets.number("slot")) == -1
    tickets.call("mint", PROTOCOL, 1)
    assert dates(tickets, 4) == (4 * size, 5 * size - 1)
    assert refusal(tickets, "mint", PROTOCOL, 1) == "supply_full"


def test_a_block_is_void_once():
    tickets = offered()
    settle(tickets, "missed", "missed")
    tickets.call("mint", PROTOCOL, 2)
    assert dates(tickets, 3) == dates(tickets, 4) == (4, 4)
    tickets.call("burnUnsold", PROTOCOL, 3)
    assert refusal(tickets, "mint", PROTOCOL, 1) == "supply_full"
    tickets.call("burnUnsold", PROTOCOL, 4)
    tickets.call("mint", PROTOCOL, 1)
    assert dates(tickets, 5) == (4, 4)
    assert refusal(tickets, "mint", PROTOCOL, 1) == "supply_full"


def test_a_block_that_was_settled_may_be_void_again():
    """By a third ticket for it, which has not expired yet: as the protocol in Python counts it."""
    tickets = offered()
    settle(tickets, "missed", "missed", "missed")
    tickets.call("mint", PROTOCOL, 3)
    tickets.call("burnUnsold", PROTOCOL, 3)
    settle(tickets, "missed", "missed", "missed")
    assert drawn_by(tickets, 5) == 4
    tickets.call("burnUnsold", PROTOCOL, 5)
    tickets.call("mint", PROTOCOL, 2)
    assert refusal(tickets, "mint", PROTOCOL, 1) == "supply_full"


@pytest.mark.parametrize("end", ["missed", "proposed"])
def test_a_void_block_that_another_ticket_has_is_settled_by_it(end):
    tickets = offered()
    settle(tickets, "missed", "missed")
    tickets.call("mint", PROTOCOL, 2)
    tickets.call("burnUnsold", PROTOCOL, 3)
    tickets.call("transferFrom", PROTOCOL, PROTOCOL, KEY.address, 4)
    settle(tickets, "missed", "missed")
    tickets.call("mint", PROTOCOL, 1)
    assert refusal(tickets, "mint", PROTOCOL, 1) == "supply_full"
    settle(tickets, end)
    assert drawn_by(tickets, 4) == 4
    tickets.call("mint", PROTOCOL, 2)
    assert refusal(tickets, "mint", PROTOCOL, 1) == "supply_full"


def test_what_is_sold_or_drawn_or_not_there_is_not_burned():
    tickets = Deployed(VOID)
    tickets.call("mint", PROTOCOL, 3)
    tickets.call("deposit", OUTSIDER, KEY.address, value=100 * 10**9)
    tickets.call("handOut", PROTOCOL, 2, KEY.address, 0, signed(tickets, KEY, 2, 0))
    tickets.call("openSlot", PROTOCOL)
    assert refusal(tickets, "burnUnsold", OUTSIDER, 1) == "not_protocol"
    assert refusal(tickets, "burnUnsold", PROTOCOL, 0) == "rule_broken"
    assert refusal(tickets, "burnUnsold", PROTOCOL, 2) == "rule_broken"
    assert refusal(tickets, "burnUnsold", PROTOCOL, 3) == "unknown_ticket"
    tickets.call("burnUnsold", PROTOCOL, 1)
    assert refusal(tickets, "burnUnsold", PROTOCOL, 1) == "ticket_burned"
    assert refusal(offered(VOID._replace(void=False)), "burnUnsold", PROTOCOL, 1) == "rule_broken"
