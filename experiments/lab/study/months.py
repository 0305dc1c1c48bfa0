"""The months in which blocks were built."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from chain.rewards import PaymentReplay
from chain.rewards.payment_column import MISSING
from experiments.lab.config.errors import InputError

Integers = npt.NDArray[np.int64]

GENESIS = 1_606_824_023  # unix time of mainnet's slot 0
SLOT_SECONDS = 12
THIRTY_DAYS = 216_000  # blocks


def month_of_blocks(file: Path, column: str | None = None) -> list[str]:
    """For each block of a file of payments, in the order in which it is replayed, its month, like `2023-11`.

    By the file's slots; blocks that it leaves out lie between their neighbours. Without a column of slots: `days
    1-30` and so on. Raises `InputError`.
    """
    try:
        payments = PaymentReplay(str(file), column)
    except ValueError as error:
        raise InputError(f"--rewards {error}") from None
    if payments.slots is None:
        first = 30 * (np.arange(len(payments)) // THIRTY_DAYS) + 1
        return [f"days {day}-{day + 29}" for day in first.tolist()]
    slots = without_gaps(payments.slots)
    times = (GENESIS + SLOT_SECONDS * slots).astype("datetime64[s]")
    months: list[str] = times.astype("datetime64[M]").astype(str).tolist()
    return months


def without_gaps(slots: Integers) -> Integers:
    """The slot of each block; where it is not said, one between those of the neighbours."""
    said = np.flatnonzero(slots != MISSING)
    filled: Integers = np.interp(np.arange(slots.size), said, slots[said]).astype(np.int64)
    return filled
