"""Timing a job beside its yardstick, and a line for each figure."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import NamedTuple

Job = Callable[[], object]
Clock = Callable[[], float]

ROUNDS = 7


class Line(NamedTuple):
    """What something costs in terms of a yardstick: `ratio`, which is to be `bar` at most, None where none is set.

    `told` is the absolute figure, which is this machine's; `noise` how far a round's ratio is off, as a share.
    """

    what: str
    told: str
    ratio: float
    bar: float | None = None
    noise: float = 0.05

    @property
    def text(self) -> str:
        """Name, figure, bar and ratio."""
        bar = "" if self.bar is None else f"{self.bar:.3g}"
        mark = "" if self.bar is None or self.ratio <= self.bar else "  above its bar"
        return f"{self.what:<66}{self.told:>22}{bar:>9}{self.ratio:>9.3g}{mark}"


HEADER = f"{'cost over that of a yardstick':<66}{'figure':>22}{'bar':>9}{'ratio':>9}"


def rounds(*jobs: Job, count: int = ROUNDS, clock: Clock = time.process_time) -> list[list[float]]:
    """The seconds of each job in each round; taken in turns, so that a noisy machine is noisy for all."""
    times: list[list[float]] = [[] for _ in jobs]
    for _ in range(count):
        for spent, job in zip(times, jobs, strict=True):
            start = clock()
            job()
            spent.append(clock() - start)
    return times


def in_turns(*jobs: Job) -> list[float]:
    """The least CPU time of each job."""
    return [min(spent) for spent in rounds(*jobs)]


def beside(
    what: str,
    job: Job,
    yardstick: Job,
    bar: float | None,
    told: Callable[[float], str],
    loop: Job | None = None,
    count: int = ROUNDS,
) -> Line:
    """A job's CPU time over the yardstick's, the least of both; `told` makes the figure of its seconds.

    `loop` is what both do besides, which is taken off both.
    """
    ours, bare, besides = rounds(job, yardstick, loop or (lambda: None), count=count)
    free = 0.0 if loop is None else min(besides)
    ratio = (min(ours) - free) / (min(bare) - free)
    off = median(abs((one - free) / (other - free) / ratio - 1) for one, other in zip(ours, bare, strict=True))
    return Line(what, told(min(ours) - free), ratio, bar, off)


def a_second(count: int) -> Callable[[float], str]:
    """How many in a CPU second, of so many."""
    return lambda seconds: f"{count / seconds:,.0f} a s"


def each(count: int) -> Callable[[float], str]:
    """Microseconds of each of so many."""
    return lambda seconds: f"{1e6 * seconds / count:,.1f} µs each"


def seconds(spent: float) -> str:
    """CPU seconds."""
    return f"{spent:.2f} s"
