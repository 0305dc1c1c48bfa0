"""The terms of a run, as far as the course of its slots depends on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Times(NamedTuple):
    """When the phases of a slot begin, ms into it."""

    offer: int
    bid: int
    clear: int
    sell_block: int
    build: int
    propose: int


class RunTerms(NamedTuple):
    """What is fixed for all slots of a run.

    `primary` is the name of the pricing rule, as the tables have it. `just_in_time`: the protocol sells tickets
    when the reward of the next block is known. `trades`: participants sell tickets, or the building of drawn
    blocks, to each other; `in_turn`: one after the other. `takers` get one ticket each at genesis, before the
    first sale, for `taken_at` Gwei. `missed` is the chance, by account, of failing to propose.
    """

    slot_ms: int
    times: Times
    primary: str
    just_in_time: bool
    trades: bool
    takers: tuple[int, ...]
    taken_at: int
    missed: Mapping[int, float]
    in_turn: bool = False
