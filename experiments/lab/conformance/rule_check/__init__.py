"""A check of a draw rule before it goes into a run: what the protocol promises must hold whatever happens.

Random histories of small chains (sales, gifts, returns, missed slots, attempts that must be refused) are played
under the rule, each twice. It checks

- conservation: after every step minted = live + burned, every live ticket is in the urn or drawn for one block,
  the supply is whole after every mint, and all pots of money add up to zero;
- determinism: asked twice the rule answers the same, and a history played again has the same draws;
- that asking changes nothing, and that what is refused changes nothing;
- one draw per block: of an undrawn live ticket, never of the same one twice.
"""

from __future__ import annotations

from typing import NamedTuple

from chain.state import Draw, DrawRule
from experiments.lab.conformance.rule_check.random_history import RandomHistory, RuleFault

__all__ = ["RuleFault", "RuleReport", "check_rule"]


class RuleReport(NamedTuple):
    """What was checked: histories, their blocks, and how many of the blocks the rule left without a ticket."""

    histories: int
    blocks: int
    empty: int

    def __str__(self) -> str:
        what = f"{self.histories} random histories, {self.blocks} blocks, {self.empty} of them without a ticket"
        return f"sound over {what}"


def check_rule(draw: Draw | DrawRule, histories: int = 20, slots: int = 60, seed: int = 0) -> RuleReport:
    """Play `histories` of `slots` blocks each under `draw`. Raises `RuleFault` at the first broken promise."""
    blocks = empty = 0
    for number in range(histories):
        drawn = RandomHistory(draw, seed + number).play(slots)
        again = RandomHistory(draw, seed + number).play(slots)
        if drawn != again:
            block = next(place for place, pair in enumerate(zip(drawn, again, strict=True)) if pair[0] != pair[1])
            raise RuleFault(
                f"history {seed + number}, block {block}: {drawn[block]} was drawn, and {again[block]} when it "
                "was played again; take chance from state.beacon alone"
            )
        blocks += len(drawn)
        empty += drawn.count(None)
    return RuleReport(histories, blocks, empty)
