"""The blocks that a draw rule of the user's own says a ticket may propose, looked at."""

from __future__ import annotations

from typing import TypeGuard

from chain.errors import RuleBroken
from chain.state import Blocks, State
from chain.ticket import LAST_SLOT, NEVER
from chain.wording import shown


class StatedDates:
    """What `blocks` of the rule `name` says, where it can be."""

    def __init__(self, name: str, blocks: Blocks) -> None:
        self._name = name
        self._blocks = blocks

    def __call__(self, state: State, serial: int) -> tuple[int, int]:
        """The first and the last block. Raises `RuleBroken` for what are none."""
        found: object = self._blocks(state, serial)
        if not are_dates(found):
            raise RuleBroken(
                f"the rule {self._name!r} says {shown(found)} of ticket {serial}; return the first and the last "
                "block that it may propose, whole numbers from 0 on"
            )
        first, last = found
        return first, last


def are_dates(found: object) -> TypeGuard[tuple[int, int]]:
    """Whether it is a first and a last block that a table can hold."""
    if not (isinstance(found, tuple) and len(found) == 2 and all(type(block) is int for block in found)):
        return False
    first, last = found
    return bool(0 <= first <= last and first <= LAST_SLOT and (last <= LAST_SLOT or last == NEVER))
