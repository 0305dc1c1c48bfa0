"""Which column of a table of payments holds them, in which unit, and its amounts as whole Gwei."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from chain.money import WEI_PER_GWEI
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

    def gwei(self, column: Any) -> NDArray[np.int64]:
        """The amounts of a pyarrow array in whole Gwei, `MISSING` where it has a null.

        Wei are floored to whole Gwei; ETH and Gwei are rounded to the nearest. Raises `ValueError` for the
        first row with something else than an amount of 0 or more.
        """
        from pyarrow import types

        if types.is_integer(column.type) or types.is_floating(column.type):
            gwei = self._from_numbers(column.fill_null(0).to_numpy())
        else:
            texts = column.cast("string").to_pylist()
            gwei = np.fromiter(self._from_texts(texts), dtype=np.int64, count=len(texts))
        gwei[column.is_null().to_numpy()] = MISSING
        return gwei

    def _from_numbers(self, numbers: NDArray[Any]) -> NDArray[np.int64]:
        nearly = numbers.astype(np.float64) * 10.0 ** UNITS[self.unit]
        self._refuse_any(~((nearly >= 0) & (nearly < MAX_GWEI)), numbers)
        if numbers.dtype.kind == "f":
            return self._from_floats(numbers.astype(np.float64))
        whole = numbers.astype(np.uint64)
        exact = whole // WEI_PER_GWEI if self.unit == "wei" else whole * 10 ** UNITS[self.unit]
        return exact.astype(np.int64)

    def _from_floats(self, numbers: NDArray[np.float64]) -> NDArray[np.int64]:
        if self.unit == "wei":
            self._refuse_any(numbers % 1 != 0, numbers)
            return np.floor(numbers / WEI_PER_GWEI).astype(np.int64)
        return np.rint(numbers * 10.0 ** UNITS[self.unit]).astype(np.int64)

    def _refuse_any(self, wrong: NDArray[np.bool_], numbers: NDArray[Any]) -> None:
        if wrong.any():
            row = int(wrong.argmax())
            self._refuse(row + 1, numbers[row].item())

    def _from_texts(self, texts: list[str | None]) -> Iterator[int]:
        for row, text in enumerate(texts, 1):
            amount: int | None = MISSING
            if text is not None:
                amount = _whole_gwei(text, self.unit)
            if amount is None:
                self._refuse(row, text)
            yield amount

    def _refuse(self, row: int, found: object) -> NoReturn:
        whole = ""
        if self.unit == "wei":
            whole = "whole "
        right = f"a {whole}number of {self.unit}, 0 or more"
        raise ValueError(f"row {row} (of those below the names) has {found!r} in {self.name!r}; give {right}")


def _whole_gwei(text: str, unit: str) -> int | None:
    """`text`, a decimal number of `unit`, exactly; None unless it is an amount that can be paid."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    if not amount.is_finite() or not 0 <= amount < _LIMIT[unit]:
        return None
    if unit == "wei":
        if amount % 1 == 0:
            return int(amount) // WEI_PER_GWEI
        return None
    return round(amount.scaleb(UNITS[unit]))


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
        raise ValueError(f"the unit of column {name!r} cannot be told; give unit, one of {', '.join(UNITS)}")
    return PaymentColumn(name, known)


def _present(column: str, names: list[str]) -> str:
    if column not in names:
        raise ValueError(f"no column {column!r}; there are {_listed(names)}")
    return column


def _detected(names: list[str], unit: str | None) -> str:
    by_lower = {name.lower(): name for name in reversed(names)}
    with_unit = [f"{stem}_{suffix}" for stem in _STEMS for suffix in UNITS if unit in (None, suffix)]
    for candidate in [*with_unit, "value", "payment", "reward"]:
        if candidate in by_lower:
            return by_lower[candidate]
    wanted = "payment_gwei, payment_eth, payment_wei or value"
    if unit:
        wanted = f"payment_{unit}"
    raise ValueError(f"no payment column ({wanted}) among {_listed(names)}; name it with column")


def _unit_of(name: str) -> str | None:
    last = name.lower().rpartition("_")[2]
    if last == "value":
        return "wei"
    if last in UNITS:
        return last
    return None


def _listed(names: list[str]) -> str:
    return ", ".join(names) or "none"
