"""In which order the rows of a file of payments are: by block number, by slot, or as they stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from chain.rewards.payment_column import MISSING
from chain.rewards.payment_number import decimal, wrong
from chain.rewards.payment_table import PaymentTable, is_numeric, listed, numbers_of, plain_name, short

Integers = NDArray[np.int64]

_BLOCK = (
    "block",
    "blocknumber",
    "blockno",
    "blocknum",
    "blocknr",
    "blockid",
    "blockheight",
    "blockindex",
    "executionblock",
    "executionblocknumber",
    "elblock",
    "elblocknumber",
    "height",
    "number",
)
_SLOT = ("slot", "slotnumber", "slotno", "slotnum", "slotnr", "slotid", "slotindex", "beaconslot")
"""Names of the columns of numbers, the first that there is; case, spaces and signs do not matter."""

MAX_BLOCKS = 50_000_000
"""The longest stretch of blocks taken for one history; Ethereum has had half as many."""

WHOLE = "a whole number, 0 or more"


@dataclass(frozen=True)
class BlockOrder:
    """The entries of a history: `gwei` and `slots` have one each, `MISSING` where there is none."""

    gwei: Integers
    slots: Integers | None
    """None where the file names no slots."""
    first: int | None
    """The number of the first entry, None where rows are taken as they stand."""
    unit: Literal["block", "slot", "row"]
    """What is numbered."""


class Numbering(NamedTuple):
    """The columns that number rows, None where there is none."""

    block: str | None
    slot: str | None

    @property
    def names(self) -> list[str]:
        """Those that there are."""
        return [name for name in self if name is not None]


def find_numbering(names: Iterable[str]) -> Numbering:
    """The columns of block and of slot numbers. Raises `ValueError` where several may be one of them."""
    plain = [(name, plain_name(name).replace("_", "")) for name in names]
    return Numbering(_find(plain, _BLOCK), _find(plain, _SLOT))


def _find(plain: list[tuple[str, str]], candidates: tuple[str, ...]) -> str | None:
    for candidate in candidates:
        found = [name for name, bare in plain if bare == candidate]
        if len(found) > 1:
            raise ValueError(f"columns {listed(found)} may all have the numbers of blocks; rename the others")
        if found:
            return found[0]
    return None


def put_in_order(table: PaymentTable, numbering: Numbering, gwei: Integers) -> BlockOrder:
    """One entry a block, from the first to the last, from the payments of all rows.

    Rows of a block are one entry, the largest payment of them; where they name several slots, those of the last
    slot, as the others were left behind in a reorganisation. Where block numbers are missing, slots number the
    rows, if there are any, and an entry is a slot. Raises `ValueError`.
    """
    blocks, slots = _numbers(table, numbering.block), _numbers(table, numbering.slot)
    if slots is not None and not (slots != MISSING).any():
        slots = None  # the column is there, and empty
    payments = on_the_chain(blocks, slots, gwei)
    if blocks is not None and (slots is None or (blocks != MISSING).all()):
        name = short(numbering.block)
        refuse_missing(table, blocks, f"number in {name}")
        return by_number(blocks, slots, payments, "block", name)
    if slots is not None:
        name = short(numbering.slot)
        refuse_missing(table, slots, f"number in {name}, and not all rows have a block number")
        return by_number(slots, slots, payments, "slot", name)
    return BlockOrder(gwei, None, None, "row")


def _numbers(table: PaymentTable, name: str | None) -> Integers | None:
    if name is None:
        return None
    return numbers_in(table, name)


def numbers_in(table: PaymentTable, name: str) -> Integers:
    """The numbers of a column, `MISSING` where there is none. Raises `ValueError` for what is no number."""
    column = table.column(name)
    if is_numeric(column):
        return _from_numbers(table, name, column)
    numbers = np.full(len(column), MISSING, dtype=np.int64)
    for row, text in enumerate(column.to_pylist()):
        if text is not None:
            numbers[row] = _whole(table, row, name, text)
    return numbers


def _whole(table: PaymentTable, row: int, name: str, text: str) -> int:
    if text.isdecimal() and text.isascii() and len(text) < 19:
        return int(text)
    number = decimal(text, table.commas_group)
    if number is None or not 0 <= number < 2**63 or number % 1:
        raise wrong(table, row, name, text, WHOLE)
    return int(number)


def _from_numbers(table: PaymentTable, name: str, column: Any) -> Integers:
    found, missing = numbers_of(column)
    bad = ~((found >= 0) & (found < 2**63) & (found == np.floor(found)))
    if bad.any():
        row = int(bad.argmax())
        raise wrong(table, row, name, found[row].item(), WHOLE)
    numbers: Integers = np.where(missing, MISSING, found.astype(np.int64))
    return numbers


def refuse_missing(table: PaymentTable, numbers: Integers, what: str) -> None:
    """Raise `ValueError` for the first row without a number."""
    missing = numbers == MISSING
    if missing.any():
        raise ValueError(f"{table.place(int(missing.argmax()))} has no {what}")


def on_the_chain(blocks: Integers | None, slots: Integers | None, gwei: Integers) -> Integers:
    """The payments, `MISSING` in rows of a block that name an earlier slot than others of the same number do."""
    if blocks is None or slots is None or not blocks.size:
        return gwei
    _, which = np.unique(blocks, return_inverse=True)
    last = np.full(int(which.max()) + 1, MISSING, dtype=np.int64)
    np.maximum.at(last, which, slots)
    left_behind = (slots < last[which]) & (blocks != MISSING)
    payments: Integers = np.where(left_behind, MISSING, gwei)
    return payments


def by_number(
    numbers: Integers, slots: Integers | None, gwei: Integers, unit: Literal["block", "slot"], name: str
) -> BlockOrder:
    """One entry a number: the largest payment and the last slot of its rows.

    Raises `ValueError` for a stretch of numbers that is too long.
    """
    first = int(numbers.min())
    last = int(numbers.max())
    if (stretch := last - first + 1) > MAX_BLOCKS:
        raise ValueError(f"the numbers in {name} span {stretch} {unit}s; at most {MAX_BLOCKS} can be replayed")
    places = numbers - first
    kept = _largest(places, gwei, stretch)
    if slots is not None:
        slots = _largest(places, slots, stretch)
    return BlockOrder(kept, slots, first, unit)


def _largest(places: Integers, values: Integers, size: int) -> Integers:
    kept = np.full(size, MISSING, dtype=np.int64)
    np.maximum.at(kept, places, values)
    return kept
