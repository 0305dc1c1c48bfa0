"""The months in which blocks were built."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow.csv
import pyarrow.parquet as pq

from chain.rewards import PaymentReplay
from experiments.lab.config.errors import InputError

Integers = npt.NDArray[np.int64]

GENESIS = 1_606_824_023  # unix time of mainnet's slot 0
SLOT_SECONDS = 12
THIRTY_DAYS = 216_000  # blocks
NUMBERS = ("block", "block_number")


def month_of_blocks(file: Path, column: str | None = None) -> list[str]:
    """For each block of a file of payments, in the order in which it is replayed, its month, like `2023-11`.

    By the file's slots; blocks that it leaves out lie between their neighbours. Without a column of slots: `days
    1-30` and so on. Raises `InputError`.
    """
    try:
        length = len(PaymentReplay(file, column))
    except ValueError as error:
        raise InputError(f"--rewards {error}") from None
    slots = slots_of_blocks(file, length)
    if slots is None:
        first = 30 * (np.arange(length) // THIRTY_DAYS) + 1
        return [f"days {day}-{day + 29}" for day in first.tolist()]
    times = (GENESIS + SLOT_SECONDS * slots).astype("datetime64[s]")
    months: list[str] = times.astype("datetime64[M]").astype(str).tolist()
    return months


def slots_of_blocks(file: Path, length: int) -> Integers | None:
    """The slot of each of `length` blocks; None where the file does not say."""
    names = column_names(file)
    if "slot" not in names:
        return None
    number = next((name for name in NUMBERS if name in names), "slot")
    table = read_columns(file, list(dict.fromkeys([number, "slot"]))).drop_null()
    numbers, places = np.unique(table[number].to_numpy().astype(np.int64), return_index=True)
    slots = table["slot"].to_numpy().astype(np.int64)[places]
    between: Integers = np.interp(numbers[0] + np.arange(length), numbers, slots).astype(np.int64)
    return between


def column_names(file: Path) -> list[str]:
    """The columns of a Parquet or CSV file."""
    if file.suffix == ".csv":
        with pyarrow.csv.open_csv(file) as reader:
            return list(reader.schema.names)
    return list(pq.read_schema(file).names)


def read_columns(file: Path, columns: list[str]) -> pyarrow.Table:
    """Some columns of a Parquet or CSV file."""
    if file.suffix == ".csv":
        return pyarrow.csv.read_csv(file, convert_options=pyarrow.csv.ConvertOptions(include_columns=columns))
    return pq.read_table(file, columns=columns)
