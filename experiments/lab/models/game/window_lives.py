"""When the tickets of a game of windows were offered, sold and exercised, read off its tables."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from experiments.lab.models.game.memory import MemoryRecords
from experiments.lab.models.game.take import columns
from market.auction_rows import AUCTIONS
from market.slot.blocks import BLOCKS
from market.trades import TRADES
from strategies.theory.window_fates import Fates

NEVER = -1
Ages = npt.NDArray[np.int64]


def played_fates(records: MemoryRecords, tickets: int, maturity: int) -> Fates:
    """The shares of the first `tickets` tickets, one of which lives at a time."""
    first, exercised = first_and_exercised(records, tickets, maturity)
    tried = np.full(tickets, NEVER)
    sold = np.full(tickets, NEVER)
    for market, ticket, slot in columns(records, AUCTIONS, "market", "ticket", "opened_slot"):
        if market == "secondary" and ticket < tickets:
            tried[ticket] = slot - first[ticket]
    for market, ticket, age in columns(records, TRADES, "market", "ticket", "age"):
        if market == "secondary" and ticket < tickets:
            sold[ticket] = age
    used = np.where((sold > NEVER) & (exercised > NEVER), exercised, NEVER)
    waited = np.where(used > NEVER, used - sold, NEVER)
    return Fates(*(shares_at(ages, maturity) for ages in (tried, sold, used, waited)))


def first_and_exercised(records: MemoryRecords, tickets: int, maturity: int) -> tuple[Ages, Ages]:
    """The first slot of each ticket, and the age at which its holder took a block.

    A holder whom no block was worth taking is left with the last one, and does not build it.
    """
    first = np.zeros(tickets, np.int64)
    exercised = np.full(tickets, NEVER)
    next_first = 0
    for slot, ticket, builder in columns(records, BLOCKS, "slot", "ticket", "builder"):
        if ticket is None or ticket >= tickets:
            continue
        first[ticket] = next_first
        age = slot - next_first
        if builder is not None or age < maturity:
            exercised[ticket] = age
        next_first = slot + 1
    return first, exercised


def shares_at(ages: Ages, maturity: int) -> npt.NDArray[np.float64]:
    """The share of tickets at each age 0 … T; those that are `NEVER` are at none."""
    return np.bincount(ages[ages > NEVER], minlength=maturity + 1) / ages.size
