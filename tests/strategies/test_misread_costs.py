"""Costs that are asked for by the number of a block are told, with the way; those of the present slot are not."""

from __future__ import annotations

import pytest

from strategies.finding import load_object
from strategies.testing import check_strategy
from strategies.testing.misread_costs import misread_costs

BOT = """from strategies import Buyer

class Mine(Buyer):
    def bid(self, view):
        {0}
        return []
"""
SAYS = "its first is the cost of the present slot; write "


@pytest.mark.parametrize(
    ("line", "way"),
    [
        ("[view.costs_gwei[lot.block] for lot in view.auctions]", "view.cost(lot.block)"),
        ("[view.costs_gwei[block] for block in view.blocks]", "view.cost(block)"),
        ("view.costs_gwei[view.slot + 1]", "view.cost(view.slot + 1)"),
        ("self.seen.costs_gwei[ticket.last_block]", "self.seen.cost(ticket.last_block)"),
        ("b = view.slot; view.costs_gwei[b]", "view.cost(b)"),
        ("costs = view.costs_gwei; costs[lot.block]", "view.cost(lot.block)"),
        ("[view.costs_gwei[n] for n in range(view.slot, 9)]", "view.cost(n)"),
        ("view.costs_gwei[0]", ""),
        ("view.costs_gwei[:3] and view.costs_gwei[-1]", ""),
        ("view.costs_gwei[lot.block - view.costs_from]", ""),
        ("block = lot.block - view.slot; view.costs_gwei[block]", ""),
        ("[view.costs_gwei[block] for block in range(3)]", ""),
        ("[view.costs_gwei[block] for block, _ in enumerate(view.costs_gwei)]", ""),
        ("self.known[lot.block]", ""),
    ],
)
def test_each_is_found_and_no_other(tmp_path, line, way):
    (tmp_path / "mine.py").write_text(BOT.format(line))
    found = misread_costs(load_object("mine.py:Mine", tmp_path))
    assert [line.startswith("mine.py:5 ") and line.endswith(SAYS + way) for line in found] == [True] * bool(way)


@pytest.mark.slow
def test_a_check_warns_of_it(tmp_path):
    (tmp_path / "mine.py").write_text(
        BOT.format("view.costs_gwei[:0] or [view.costs_gwei[lot.block] for lot in ()]")
    )
    report = check_strategy(load_object("mine.py:Mine", tmp_path), views=20)
    (costs,) = (check for check in report.warnings if check.name == "costs")
    assert costs.faults == (f"mine.py:5 view.costs_gwei[lot.block]: {SAYS}view.cost(lot.block)",)
