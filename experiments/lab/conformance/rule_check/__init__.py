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

from chain.rules import faults_of_stated
from chain.state import Draw, DrawRule
from chain.wording import shown
from experiments.lab.assembly.outside_memory import OutsideMemory
from experiments.lab.conformance.rule_check.random_history import RandomHistory, RuleFault

__all__ = ["RuleFault", "RuleReport", "check_rule"]

FROM_THE_STATE = "a draw rule has no memory: let it go by the state and the block alone"


ONE_WORD = (
    "without a key that is one word, and the second number follows from the first; name a key for the second "
    'draw, state.beacon.below(n, block, key="second")'
)


class RuleReport(NamedTuple):
    """What was checked: histories, their blocks, and how many of the blocks the rule left without a ticket;
    answers for which it took one word of the beacon twice, histories in which it took the same word for all, and
    those in which it took the words of other blocks' draws."""

    histories: int
    blocks: int
    empty: int
    repeated: int
    fixed: int
    shared: int

    def __str__(self) -> str:
        what = f"{self.histories} random histories, {self.blocks} blocks, {self.empty} of them without a ticket"
        return f"sound over {what}"

    @property
    def warnings(self) -> list[str]:
        """What a rule may do and is hardly meant."""
        found = []
        if self.empty == self.blocks:
            found.append("no block ever had a ticket: None is a block without one; is a return missing?")
        if self.repeated:
            found.append(f"state.beacon.below is asked more than once for one block: {ONE_WORD}")
        if self.fixed:
            found.append("all draws ask state.beacon.below for the same word; is `block` its second argument?")
        if self.shared:
            found.append(
                "a draw asks state.beacon.below for the word of another block, by which that one is drawn: give "
                'it a key, state.beacon.below(n, block, key="second")'
            )
        return found


def check_rule(draw: Draw | DrawRule, histories: int = 20, slots: int = 60, seed: int = 0) -> RuleReport:
    """Play `histories` of `slots` blocks each under `draw`. Raises `RuleFault` at the first broken promise."""
    refuse_unasked(draw)
    outside = [OutsideMemory(unwrap(part)) for part in parts_of(draw)]
    blocks = empty = repeated = fixed = shared = 0
    for number in range(histories):
        history = RandomHistory(draw, seed + number)
        drawn = history.play(slots)
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
        repeated += history.words.repeated
        fixed += history.words.is_fixed
        shared += history.words.is_shared
    RandomHistory(draw, seed).ask_without_tickets()
    return RuleReport(histories, blocks, empty, repeated, fixed, shared)


def refuse_unasked(draw: Draw | DrawRule) -> None:
    """Raises `RuleFault` for what cannot be asked for a draw."""
    if isinstance(draw, DrawRule):
        if faults := list(faults_of_stated(draw)):
            raise RuleFault("; ".join(faults))
    elif not callable(draw):
        raise RuleFault(f"{shown(draw)} is no draw rule; give the function itself, def draw(state, block)")


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
