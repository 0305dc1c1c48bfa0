"""The check of rewards that have a memory: their runs, and what is public of them."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from chain.errors import RuleBroken
from chain.interruption import is_interruption
from chain.rewards import EndOfRewards, RewardPath
from chain.wording import shown, told
from experiments.lab.assembly.own_laws import OwnProcess
from experiments.lab.conformance.law_fault import LawFault

RUNS = 100
BLOCKS = 40
AHEAD = (1, 2, 8)
ERRORS = 6.0


class MemoryReport(NamedTuple):
    """What was checked: runs, and how many blocks of each."""

    runs: int
    blocks: int

    def __str__(self) -> str:
        return (
            f"sound over {self.runs:,} runs of {self.blocks:,} blocks; what its outlook expects comes in the mean"
        )

    @property
    def warnings(self) -> list[str]:
        """What it may be and is hardly meant to be: nothing is known of."""
        return []


def check_memory(fresh: Callable[[], Any], seed: int, step: Callable[[str], object]) -> MemoryReport:
    """Play runs of a law with a memory. Raises `LawFault`."""
    try:
        check_copies(fresh, seed, step)
        check_outlooks(fresh, seed, step)
    except RuleBroken as fault:
        raise LawFault(str(fault)) from fault.__cause__
    except EndOfRewards as end:
        raise LawFault(f"{end}; a law has no last reward") from None
    return MemoryReport(RUNS, BLOCKS)


def begun(fresh: Callable[[], Any], seed: int, step: Callable[[str], object]) -> RewardPath:
    """A run from block 0."""
    law = fresh()
    step("start")
    return RewardPath(OwnProcess(type(law).__name__, law), np.random.default_rng(seed))


def check_copies(fresh: Callable[[], Any], seed: int, step: Callable[[str], object]) -> None:
    """Raises `LawFault` unless one generator gives one run, and a copy goes on as the run does."""
    for number in range(seed, seed + 3):
        first, second = begun(fresh, number, step), begun(fresh, number, step)
        step("next_chunk")
        for block in range(BLOCKS):
            same(first.advance(), second.advance(), block, "of a law made anew; take chance from rng alone")
        copy = copied(first)
        step("next_chunk")
        for block in range(BLOCKS, 2 * 4096 + BLOCKS):
            same(first.advance(), copy.advance(), block, "of a copy, as a checkpoint has it; keep it all in self")


def same(one: int, other: int, block: int, when: str) -> None:
    """Raises `LawFault` where two rewards differ."""
    if one != other:
        raise LawFault(f"the reward of block {block} was {one} Gwei, and {other} {when}")


def copied(path: RewardPath) -> RewardPath:
    """A copy, as a checkpoint has it. Raises `LawFault`."""
    try:
        copy: RewardPath = pickle.loads(pickle.dumps(path))
    except BaseException as error:  # whatever a user's __reduce__ may raise
        if is_interruption(error):
            raise
        raise LawFault(
            f"its run cannot be written into a checkpoint: {told(error)}; keep what it holds in plain attributes"
        ) from error
    return copy


def check_outlooks(fresh: Callable[[], Any], seed: int, step: Callable[[str], object]) -> None:
    """Raises `LawFault` unless what is expected some blocks ahead comes in the mean of many runs."""
    surprises: dict[int, list[float]] = {ahead: [] for ahead in AHEAD}
    for number in range(seed, seed + RUNS):
        path = begun(fresh, number, step)
        step("outlook")
        for ahead, surprise in surprises_of(path).items():
            surprises[ahead].append(surprise)
    for ahead, found in surprises.items():
        mean, error = float(np.mean(found)), float(np.std(found, ddof=1)) / np.sqrt(len(found))
        if abs(mean) > ERRORS * error + 1.0:
            raise LawFault(
                f"its outlook expects {-mean:+g} ± {error:z.1g} Gwei more in the mean than comes {ahead} blocks on"
            )


def surprises_of(path: RewardPath) -> dict[int, float]:
    """By how much rewards exceed in the mean what was expected of them so many blocks before, in one run."""
    expected: dict[tuple[int, int], float] = {}
    found: dict[int, list[float]] = {ahead: [] for ahead in AHEAD}
    for block in range(-1, BLOCKS):
        reward = path.advance() if block >= 0 else 0
        outlook = path.outlook()
        for ahead in AHEAD:
            if (block, ahead) in expected:
                found[ahead].append(reward - expected.pop((block, ahead)))
            expected[block + ahead, ahead] = finite(outlook.expected_reward(block + ahead), block, ahead)
    return {ahead: float(np.mean(parts)) for ahead, parts in found.items()}


def finite(value: Any, block: int, ahead: int) -> float:
    """Raises `LawFault` for an expectation that is none."""
    if isinstance(value, (int, float, np.number)) and np.isfinite(value) and value >= 0:
        return float(value)
    raise LawFault(f"after block {block} its outlook expects {shown(value)} of block {block + ahead}; give Gwei")
