"""Timing, and a line for each figure."""

from __future__ import annotations

import time
from collections.abc import Callable

ROUNDS = 7


def in_turns(*jobs: Callable[[], object]) -> list[float]:
    """The least CPU time of each job, rounds taken in turns so that a noisy machine is noisy for all."""
    best = [float("inf")] * len(jobs)
    for _ in range(ROUNDS):
        for index, job in enumerate(jobs):
            start = time.process_time()
            job()
            best[index] = min(best[index], time.process_time() - start)
    return best


def line(what: str, figure: str, wanted: str) -> None:
    """One figure with its target."""
    print(f"{what:<58}{figure:>26}   wanted: {wanted}", flush=True)
