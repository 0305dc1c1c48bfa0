"""Which column of a table of payments holds them, in which unit, and its amounts as whole Gwei."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chain.money import WEI_PER_GWEI
from chain.rewards.payment_number import decimal, wrong
from chain.rewards.payment_table import PaymentTable, is_numeric, listed, numbers_of, plain_name, short
from chain.rewards.process import MAX_GWEI

MISSING = -1
"""Stands for a payment that is not there. It is below every payment: the largest of several is one that is."""

UNITS = {"wei": -9, "gwei": 0, "eth": 9}
"""Each unit and its power of ten of a Gwei."""

_LIMIT = {unit: Decimal(MAX_GWEI).scaleb(-power) for unit, power in UNITS.items()}
_STEMS = ("payment", "reward", "value")


@dataclass(frozen=True)
class PaymentColumn:
    """A column called `name` whose amounts are in `unit`."""

    name: str
    unit: str

    def gwei(self, table: PaymentTable) -> NDArray[np.int64]:
        """The amounts of the column in whole Gwei, `MISSING` where it has none.

        Wei are floored to whole Gwei; ETH and Gwei are rounded to the nearest. Raises `ValueError` for the
        first row with something else than an amount of 0 or more.
        """
        column = table.column(self.name)
        if is_numeric(column):
            return self._from_column(table, column)
        gwei = np.full(len(column), MISSING, dtype=np.int64)
        for row, text in enumerate(column.to_pylist()):
            if text is not None:
                gwei[row] = self._from_text(table, row, text)
        return gwei

    def _from_column(self, table: PaymentTable, column: Any) -> NDArray[np.int64]:
        numbers, missing = numbers_of(column)
        gwei = self._from_numbers(table, numbers)
        gwei[missing] = MISSING
        return gwei

    def _from_numbers(self, table: PaymentTable, numbers: NDArray[Any]) -> NDArray[np.int64]:
        nearly = numbers.astype(np.float64) * 10.0 ** UNITS[self.unit]
        self._refuse_any(table, ~((nearly >= 0) & (nearly < MAX_GWEI)), numbers)
        if numbers.dtype.kind == "f":
            return self._from_floats(table, numbers)
        whole = numbers.astype(np.uint64)
        exact = whole // WEI_PER_GWEI if self.unit == "wei" else whole * 10 ** UNITS[self.unit]
        return exact.astype(np.int64)

    def _from_floats(self, table: PaymentTable, numbers: NDArray[np.float64]) -> NDArray[np.int64]:
        if self.unit == "wei":
            self._refuse_any(table, numbers % 1 != 0, numbers)
            return np.floor(numbers / WEI_PER_GWEI).astype(np.int64)
        return np.rint(numbers * 10.0 ** UNITS[self.unit]).astype(np.int64)

    def _refuse_any(self, table: PaymentTable, bad: NDArray[np.bool_], numbers: NDArray[Any]) -> None:
        if bad.any():
            row = int(bad.argmax())
            raise wrong(table, row, self.name, numbers[row].item(), self._right)

    def _from_text(self, table: PaymentTable, row: int, text: str) -> int:
        if self.unit == "wei" and text.isdecimal() and text.isascii() and len(text) < 28:
            return int(text) // WEI_PER_GWEI
        amount = decimal(text, table.commas_group)
        if amount is None or not 0 <= amount < _LIMIT[self.unit]:
            raise wrong(table, row, self.name, text, self._right)
        if self.unit != "wei":
            return round(amount.scaleb(UNITS[self.unit]))
        if amount % 1:
            raise wrong(table, row, self.name, text, self._right)
        return int(amount) // WEI_PER_GWEI

    @property
    def _right(self) -> str:
        if self.unit == "wei":
            return "a whole number of wei, 0 or more; of ETH or Gwei: unit = 'eth' or 'gwei'"
        return f"a number of {self.unit}, 0 or more"


def find_payment_column(names: list[str], column: str | None, unit: str | None) -> PaymentColumn:
    """The column of payments among `names`, and its unit.

    `column` where it is given; else the first of `payment_wei`, `payment_gwei`, `payment_eth`, the same with
    `reward` and `value`, `value` (wei, as in mevboost-data), `payment` and `reward`. A `unit` that is given is
    believed, and a column found by its name must not name another. Raises `ValueError` where none will do.
    """
    if unit is not None and unit not in UNITS:
        raise ValueError(f"unit is {unit!r}; choose one of {', '.join(UNITS)}")
    name = _present(column, names) if column is not None else _detected(names, unit)
    known = unit or _unit_of(name)
    if known is None:
        raise ValueError(f"the unit of column {short(name)} cannot be told; give unit, one of {', '.join(UNITS)}")
    return PaymentColumn(name, known)


def _present(column: str, names: list[str]) -> str:
    if column.strip() not in names:
        raise ValueError(f"no column {short(column)}; there are {listed(names)}")
    return column.strip()


def _detected(names: list[str], unit: str | None) -> str:
    with_unit = [f"{stem}_{suffix}" for stem in _STEMS for suffix in UNITS if unit in (None, suffix)]
    for candidate in [*with_unit, "value", "payment", "reward"]:
        found = [name for name in names if plain_name(name) == candidate]
        if len(found) > 1:
            raise ValueError(f"columns {listed(found)} may all have the payments; name one with column")
        if found:
            return found[0]
    wanted = "payment_gwei, payment_eth, payment_wei or value"
    if unit:
        wanted = f"payment_{unit}"
    raise ValueError(f"no payment column ({wanted}) among {listed(names)}; name it with column")


def _unit_of(name: str) -> str | None:
    last = plain_name(name).rpartition("_")[2]
    if last == "value":
        return "wei"
    if last in UNITS:
        return last
    return None
