"""The days and months in which blocks were built."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from chain.rewards import PaymentReplay
from chain.rewards.payment_column import MISSING
from experiments.lab.config.errors import InputError

Integers = npt.NDArray[np.int64]

GENESIS = 1_606_824_023  # unix time of mainnet's slot 0
SLOT_SECONDS = 12
DAY_SECONDS = 86_400
BLOCKS_A_DAY = 7_200
DAYS_A_MONTH = 30


class Calendar(NamedTuple):
    """The day of each block of a file: days of 1970 UTC, or, where the file has no dates, of its own from 0."""

    days: Integers
    has_dates: bool

    def month(self, day: int) -> str:
        """`2023-11`; without dates `days 1-30` and so on."""
        if self.has_dates:
            return str(np.datetime64(day, "D").astype("datetime64[M]"))
        first = day - day % DAYS_A_MONTH + 1
        return f"days {first}-{first + DAYS_A_MONTH - 1}"


def calendar_of(file: Path, column: str | None = None) -> Calendar:
    """That of a file of payments, in the order in which it is replayed.

    By the file's slots; blocks that it leaves out lie between their neighbours. Without a column of slots 7,200
    blocks are a day. Raises `InputError`.
    """
    try:
        payments = PaymentReplay(str(file), column)
    except ValueError as error:
        raise InputError(f"--rewards {error}") from None
    if payments.slots is None:
        return Calendar(np.arange(len(payments)) // BLOCKS_A_DAY, has_dates=False)
    seconds = GENESIS + SLOT_SECONDS * without_gaps(payments.slots)
    return Calendar(seconds // DAY_SECONDS, has_dates=True)


def without_gaps(slots: Integers) -> Integers:
    """The slot of each block; where it is not said, one between those of the neighbours."""
    said = np.flatnonzero(slots != MISSING)
    filled: Integers = np.interp(np.arange(slots.size), said, slots[said]).astype(np.int64)
    return filled
