"""How sure a run is of its own figures: means over blocks, and how rare its luck is."""

from __future__ import annotations

import math
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from chain.money import eth_to_gwei
from chain.rewards.process import CHUNK
from experiments.lab.runs.folder import TABLES
from experiments.lab.runs.known_rewards import KnownRewards, read_rewards

Floats = npt.NDArray[np.float64]

BATCHES = 32
FEWEST_BLOCKS = 10 * BATCHES
"""Where there are fewer, a run says nothing of its own uncertainty."""
LEVEL = 0.95
MOST_REWARDS = 1_000_000  # drawn anew, to know how rare a run is
FEWEST_DRAWS = 20


class Estimate(NamedTuple):
    """A mean by block, and half of its 95 % interval; None where there are too few blocks to say."""

    mean: float
    half: float | None


def estimate(values: Floats) -> Estimate:
    """The mean of a figure by block, and how sure it is by the means of batches of blocks in a row.

    What is near is alike, so single blocks would say too much. The spread of `BATCHES` means over √BATCHES, times
    the quantile of Student's t: the method of batch means (Conway 1963).
    """
    mean = float(values.mean())
    if len(values) < FEWEST_BLOCKS:
        return Estimate(mean, None)
    size = len(values) // BATCHES
    means = values[: size * BATCHES].reshape(BATCHES, size).mean(axis=1)
    error = means.std(ddof=1) / math.sqrt(BATCHES)
    from scipy.special import stdtrit  # slow to import, and of no use to short runs

    return Estimate(mean, float(stdtrit(BATCHES - 1, (1 + LEVEL) / 2) * error))


def ratio_estimate(part: Floats, whole: Floats) -> Estimate:
    """The same of Σ part / Σ whole, a share."""
    share = part.sum() / whole.sum()
    return Estimate(float(share), estimate((part - share * whole) / whole.mean()).half)


class Rarity(NamedTuple):
    """The share of so many other runs of as many blocks whose blocks are worth less."""

    below: float
    draws: int


def rarity(folder: Path, worth: Floats) -> Rarity | None:
    """How rare a run is by the law of its rewards; `worth`: of its blocks, ETH.

    None where that takes too many draws, or there are too few blocks, or no law that can be drawn from.
    """
    blocks = len(worth)
    draws = MOST_REWARDS // (CHUNK * -(-blocks // CHUNK))
    law = read_rewards(folder / TABLES)
    if blocks < FEWEST_BLOCKS or draws < FEWEST_DRAWS or not law.can_be_drawn:
        return None
    total = eth_to_gwei(float(worth.sum()))
    return Rarity(sum(drawn_anew(law, number, blocks) < total for number in range(draws)) / draws, draws)


def drawn_anew(law: KnownRewards, number: int, blocks: int) -> int:
    """What the blocks of another run are worth together, Gwei."""
    path = law.path(f"another run {number}")
    assert path is not None, "there is a law"
    return sum(path.advance() for _ in range(blocks))
