"""The turns that isolated strategies lost, as a run has recorded them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet as pq

from market.errors import StrategyExited, StrategyLost, StrategyOutOfMemory, StrategyTimedOut

KINDS = {kind.code: kind for kind in (StrategyTimedOut, StrategyExited, StrategyOutOfMemory)}


class Turn(NamedTuple):
    """One decision: the slot, the phase's label, the account."""

    slot: int
    phase: str
    account: int


Losses = dict[Turn, StrategyLost] | None
"""The losses of a run that is replayed; None where there is none to replay."""


def losses_of(tables: Path, accounts: list[str]) -> Losses:
    """The losses in a run's table `violations`, none where it has no such table."""
    path = tables / "violations.parquet"
    if not path.is_file():
        return {}
    with pq.ParquetFile(path, pre_buffer=False) as file:
        rows = file.read(["slot", "phase", "agent", "code", "message"], use_threads=False).to_pylist()
    numbers = {name: number for number, name in enumerate(accounts)}
    return {
        Turn(row["slot"], row["phase"], numbers[row["agent"]]): KINDS[row["code"]](plain(row["message"]))
        for row in rows
        if row["code"] in KINDS
    }


def plain(message: str) -> str:
    """A loss without what is said of the place."""
    return message.partition("; after ")[0]
