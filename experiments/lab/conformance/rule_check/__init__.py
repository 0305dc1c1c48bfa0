"""A check of a draw rule before it goes into a run: what the protocol promises must hold whatever happens.

Random histories of small chains (sales, gifts, returns, missed slots, attempts that must be refused) are played
under the rule, each twice. It checks

- conservation: after every step minted = live + burned, every live ticket is in the urn or drawn for one block,
  the supply is whole after every mint, and all pots of money add up to zero;
- determinism: asked twice the rule answers the same, and a history played again has the same draws;
- that asking changes nothing, and that what is refused changes nothing; that the rule remembers nothing, as no
  checkpoint would have it;
- that it draws nothing from an empty urn, as an elastic supply may have it;
- one draw per block: of an undrawn live ticket, never of the same one twice.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import unwrap
from typing import NamedTuple

from chain.state import Draw, DrawRule
from experiments.lab.assembly.outside_memory import OutsideMemory
from experiments.lab.conformance.rule_check.random_history import RandomHistory, RuleFault

__all__ = ["RuleFault", "RuleReport", "check_rule"]

FROM_THE_STATE = "a draw rule has no memory: let it go by the state and the block alone"


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
    outside = [OutsideMemory(unwrap(part)) for part in parts_of(draw)]
    blocks = empty = 0
    for number in range(histories):
        drawn = RandomHistory(draw, seed + number).play(slots)
        again = RandomHistory(draw, seed + number).play(slots)
        check_outside(outside, f"history {seed + number}")
        if drawn != again:
            block = next(place for place, pair in enumerate(zip(drawn, again, strict=True)) if pair[0] != pair[1])
            raise RuleFault(
                f"history {seed + number}, block {block}: {drawn[block]} was drawn, and {again[block]} when it "
                "was played again; take chance from state.beacon alone, and remember nothing"
            )
        blocks += len(drawn)
        empty += drawn.count(None)
    RandomHistory(draw, seed).ask_without_tickets()
    return RuleReport(histories, blocks, empty)


def parts_of(draw: Draw | DrawRule) -> list[Callable[..., object]]:
    """The functions of a rule."""
    if isinstance(draw, DrawRule):
        return [draw.early, draw.blocks]
    return [draw]


def check_outside(parts: list[OutsideMemory], where: str) -> None:
    """Raises `RuleFault` where a rule remembers something."""
    for part in parts:
        name = part.changed()
        if name is not None:
            raise RuleFault(f"{where}: the rule keeps {name}, and no checkpoint holds that; {FROM_THE_STATE}")
