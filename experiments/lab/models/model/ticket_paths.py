"""Paths of rewards for tickets minted at any hour of the day, from a process or a file, with what is public."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from chain.rewards import PaymentReplay, RewardProcess
from chain.rewards.process import CHUNK, RewardRun
from experiments.lab.config.errors import InputError
from strategies.theory.laws import Array
from strategies.theory.path_sale import Sample

SHORT, LONG = 25, 770
"""Blocks over which log rewards are averaged, after the time constants of MEV-Boost payments."""

CLIP = 2.5
DAY = 7200
RUNS = 60
TICKETS = 6_000
BATCHES = 30
SMALLEST = 1e-9
"""ETH that a reward of nothing counts as in a logarithm."""


@dataclass(frozen=True)
class TicketPaths:
    """Tickets minted at blocks `mint` of runs `run`, both (n,), of rewards in ETH, shape (runs, blocks)."""

    rewards: Array
    run: npt.NDArray[np.int64]
    mint: npt.NDArray[np.int64]
    maturity: int

    @property
    def sample(self) -> Sample:
        """Their rewards at their own blocks 0 … T, and what is public of them."""
        own = self.mint[:, None] + np.arange(self.maturity + 1)
        return Sample(np.asarray(self.rewards[self.run[:, None], own]), self.features)

    @cached_property
    def logs(self) -> Array:
        """Log rewards in standard deviations from their mean, at most `CLIP`, shape (runs, blocks).

        What lies further out would settle the coefficients of its squares alone.
        """
        logs = np.log(np.maximum(self.rewards, SMALLEST))
        spread = max(float(logs.std()), np.finfo(float).tiny)
        return np.asarray(np.clip((logs - logs.mean()) / spread, -CLIP, CLIP))

    @cached_property
    def averages(self) -> tuple[Array, Array]:
        """Of the log rewards over the last blocks, as many as there are, each (runs, blocks)."""
        return trailing_mean(self.logs, SHORT), trailing_mean(self.logs, LONG)

    def features(self, block: int) -> Array:
        """1, log reward, its averages, their products, the hour: what is public at a ticket's block, (n, 12)."""
        at = (self.run, self.mint + block)
        now = self.logs[at]
        short = self.averages[0][at]
        long = self.averages[1][at]
        angle = 2 * np.pi * (at[1] % DAY) / DAY
        squares = (now**2, short**2, long**2, now * short, now * long, short * long)
        return np.stack((np.ones(now.size), now, short, long, *squares, np.sin(angle), np.cos(angle)), axis=1)


def trailing_mean(values: Array, length: int) -> Array:
    """The mean of the last `length` values along the last axis, of fewer at the start."""
    total = np.cumsum(values, axis=-1)
    total[..., length:] = total[..., length:] - total[..., :-length].copy()
    return np.asarray(total / np.minimum(np.arange(1, values.shape[-1] + 1), length))


def simulated(process: RewardProcess, maturity: int, seed: int) -> tuple[TicketPaths, npt.NDArray[np.int64]]:
    """Tickets of `RUNS` independent runs of a process, and the run of each."""
    seeds = np.random.SeedSequence(seed).spawn(RUNS)
    runs = []
    for stream in seeds:
        draws = process.start(np.random.default_rng(stream))
        runs.append(np.array(drawn(draws, LONG + DAY + maturity + 1)) / 1e9)
    mint = np.linspace(LONG, LONG + DAY - 1, TICKETS // RUNS).astype(np.int64)
    run = np.repeat(np.arange(RUNS), mint.size)
    return TicketPaths(np.array(runs), run, np.tile(mint, RUNS), maturity), run


def drawn(run: RewardRun, least: int) -> list[int]:
    """The first rewards of a run, Gwei: so many, up to the end of a chunk that is as long as most are."""
    found: list[int] = []
    blocks = -(-least // CHUNK) * CHUNK
    while len(found) < blocks:
        found += run.next_chunk()
    return found[:blocks]


def recorded(process: PaymentReplay, maturity: int) -> tuple[TicketPaths, TicketPaths, npt.NDArray[np.int64]]:
    """Tickets of the first and of the second half of a file, and the batches of the second.

    Raises `InputError` where the file is too short.
    """
    length = len(process)
    least = 2 * (maturity + 1) + 2 * BATCHES
    if length < least:
        raise InputError(f"model.reward.file: {length} rewards; maturity {maturity} needs at least {least}")
    draws = process.start(np.random.default_rng(0))
    rewards = np.concatenate([draws.next_chunk() for _ in range(-(-length // CHUNK))])[None, :] / 1e9
    halves = []
    for first, end in ((0, length // 2), (length // 2, length)):
        mint = np.unique(np.linspace(first, end - maturity - 1, TICKETS).astype(np.int64))
        halves.append(TicketPaths(rewards, np.zeros_like(mint), mint, maturity))
    count = halves[1].mint.size
    return halves[0], halves[1], np.arange(count) * BATCHES // count
