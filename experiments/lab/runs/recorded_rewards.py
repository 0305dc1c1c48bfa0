"""The rewards of a run whose law is the user's own, for those who do not execute it: as the tables have them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from chain.rewards import Outlook
from chain.rewards.independent import IndependentOutlook
from chain.rewards.process import CHUNK, RewardProcess, RewardRun
from experiments.lab.runs.tallies import batches


@dataclass(frozen=True)
class StatedMean:
    """What is expected of every reward, as the manifest has it."""

    mean_gwei: float

    def surplus_gwei(self, cost_gwei: float) -> float:
        """Not recorded. Raises `ValueError`."""
        raise ValueError(f"what is left of a reward over {cost_gwei:g} Gwei is not recorded")


class RecordedRewards(RewardProcess):
    """Independent rewards that `tables` have, of a law with this mean; after the last of them they are 0."""

    def __init__(self, tables: Path, mean_gwei: float) -> None:
        self._tables = tables
        self._mean = StatedMean(mean_gwei)

    def start(self, rng: np.random.Generator) -> RewardRun:  # noqa: ARG002
        """From block 0; nothing is drawn."""
        return RecordedRun(self._tables, self._mean)


class RecordedRun(RewardRun):
    """One way through the table of blocks."""

    def __init__(self, tables: Path, mean: StatedMean) -> None:
        self._mean = mean
        self._rewards = rewards_of(tables)

    def next_chunk(self) -> list[int]:
        """The rewards of the next batch of rows."""
        return next(self._rewards, [0] * CHUNK)

    def outlook(self, block: int, reward_gwei: int | None) -> Outlook:
        """What was public after `block`: its reward, and the mean of all others."""
        return IndependentOutlook(block, reward_gwei, self._mean)


def rewards_of(tables: Path) -> Iterator[list[int]]:
    """The rewards of all blocks, Gwei, in parts that are not empty."""
    for batch in batches(tables, "blocks", "reward_gwei"):
        if batch.num_rows:
            yield batch.column(0).to_pylist()
