"""The order of a slot stands in `open_slot` and `close_slot`, and nowhere else."""

from __future__ import annotations

import ast

import pytest

from chain.protocol import close_slot, open_slot, process_late_draw
from tests.places import ROOT

STEPS = {"process_slot", "process_draw", "process_expiry", "process_mint"}
PACKAGES = ("chain", "market", "strategies", "experiments")


def test_opening_a_slot_draws_in_it(make_chain):
    chain = make_chain(lookahead=1).genesis()
    (drawn,) = open_slot(chain.state)
    assert chain.state.slot == 0
    assert (drawn.drawn_for, drawn.ticket.serial) == (1, chain.state.draws[1].ticket)


def test_without_tickets_a_slot_opens_and_nothing_is_drawn(make_chain):
    chain = make_chain(supply=0, validators=(1, 2))
    assert open_slot(chain.state) == []
    assert chain.state.slot == 0


def test_closing_a_slot_makes_good_what_the_block_and_expiry_took(make_chain):
    """Of three tickets that live for one draw, one is drawn and two expire: all three have successors at once."""
    chain = make_chain(draw="lottery", maturity=1).genesis()
    (drawn,) = open_slot(chain.state)
    process_late_draw(chain.state)
    chain.propose()
    closed = close_slot(chain.state)
    assert {title.ticket.serial for title in closed.expired} == {0, 1, 2} - {drawn.ticket.serial}
    assert [title.ticket.serial for title in closed.minted] == [3, 4, 5] == chain.state.urn
    assert chain.ends()[drawn.ticket.serial] == "proposed"


@pytest.mark.parametrize("package", PACKAGES)
def test_nobody_else_lists_the_steps(package):
    users = {
        str(file.relative_to(ROOT)): called
        for file in (ROOT / package).rglob("*.py")
        if (called := STEPS & names_in(file.read_text(encoding="utf-8")))
    }
    assert users == ({"chain/protocol.py": STEPS} if package == "chain" else {})


def names_in(source: str) -> set[str]:
    """All names that a module uses or imports."""
    nodes = list(ast.walk(ast.parse(source)))
    used = {node.id for node in nodes if isinstance(node, ast.Name)}
    return used | {node.name for node in nodes if isinstance(node, ast.alias)}
