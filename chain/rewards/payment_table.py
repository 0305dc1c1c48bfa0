"""A table of payments, whatever file it comes from: columns by name, and where each of its rows stands."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

MOST_NAMES, MOST_LETTERS = 20, 60

NULLS = frozenset(
    (
        *("", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN"),
        *("<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null"),
    )
)
"""What `pandas.read_csv` takes for a missing value (its `na_values`)."""


class PaymentTable(ABC):
    """Columns called `names`, without spaces around. Raises `ValueError` for two of one name."""

    commas_group = False
    """Whether a comma in a number can only separate thousands: elsewhere it may be a decimal comma."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = [name.strip() for name in names]
        counts = Counter(name for name in self.names if name)
        if twice := [name for name, count in counts.items() if count > 1]:
            raise ValueError(f"two columns are called {short(twice[0])}; rename one of them")

    @abstractmethod
    def load(self, names: Sequence[str]) -> None:
        """Read these columns; the others are not kept. Raises `ValueError`, which names the place."""

    @abstractmethod
    def __len__(self) -> int:
        """How many rows were read."""

    @abstractmethod
    def column(self, name: str) -> Any:
        """A column that was read, as a pyarrow array: numbers, or texts without spaces around."""

    @abstractmethod
    def place(self, row: int) -> str:
        """Where row `row`, from 0, stands in the file, e.g. `line 5`."""


def texts(cells: Iterable[str | None]) -> Any:
    """Cells as a pyarrow array, without spaces around; null where there is a missing value."""
    from pyarrow import array, string

    bare = ("" if cell is None else cell.strip() for cell in cells)
    return array(map(_unless_null, bare), string())


def _unless_null(cell: str) -> str | None:
    if cell in NULLS:
        return None
    return cell


def is_numeric(column: Any) -> bool:
    """Whether a pyarrow array has whole numbers or floats, not texts."""
    from pyarrow import types

    return bool(types.is_integer(column.type) or types.is_floating(column.type))


def numbers_of(column: Any) -> tuple[Any, Any]:
    """A pyarrow array of numbers as one of numpy, floats as float64, 0 where one is missing; and where that is.

    NaN is a missing number.
    """
    import numpy as np

    missing = column.is_null(nan_is_null=True).to_numpy(zero_copy_only=False)
    numbers = column.fill_null(0).to_numpy(zero_copy_only=False)
    if numbers.dtype.kind == "f":
        numbers = numbers.astype(np.float64)
    return np.where(missing, numbers.dtype.type(0), numbers), missing


def plain_name(name: str) -> str:
    """A name for comparison: `Block Number (EL)` → `block_number_el`."""
    words = "".join(letter if letter.isalnum() else " " for letter in name.lower()).split()
    return "_".join(words)


def listed(names: Iterable[str]) -> str:
    """Names for a message, not too many."""
    there = [name for name in names if name]
    some = ["".join(c if c.isprintable() else "?" for c in name[:MOST_LETTERS]) for name in there[:MOST_NAMES]]
    if len(there) > MOST_NAMES:
        some.append(f"and {len(there) - MOST_NAMES} more")
    return ", ".join(some) or "none"


def short(value: object) -> str:
    """A value for a message."""
    text = repr(value)
    if len(text) <= MOST_LETTERS:
        return text
    return f"{text[: MOST_LETTERS - 1]}…"
