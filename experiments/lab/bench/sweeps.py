"""What a sweep costs beside its runs, and what a second process saves."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial

from experiments.lab.bench.measure import Line, beside, each, rounds
from experiments.lab.bench.whole_runs import CONFIG
from experiments.lab.config.loading import read_config
from experiments.lab.played.runs import run
from experiments.lab.sweep import sweep

SEEDS = range(10)
POINTS = 16


def bench_overhead() -> Iterator[Line]:
    """Metrics, rows, statistics."""
    config = read_config(CONFIG, ["blocks=200"])
    yield beside(
        "a run of 200 blocks in a sweep: the run",
        lambda: sweep(config, {"chain.supply": [100]}, SEEDS, backend_name="sequential"),
        lambda: [run(config, seed=seed, signatures="off") for seed in SEEDS],
        1.5,
        each(len(SEEDS)),
    )


def bench_sweep() -> Iterator[Line]:
    """Points of about 2 CPU seconds each, by the clock: two processes of loky against one after the other."""
    config = read_config(CONFIG, ["blocks=3500"])
    points = {"chain.supply": list(range(100, 100 + POINTS))}
    apart, alone = rounds(
        *(partial(sweep, config, points, [1], backend_name=name, jobs=jobs) for name, jobs in BACKENDS.items()),
        count=1,
        clock=time.perf_counter,
    )
    yield Line(f"{POINTS} points by two processes: by one", f"{apart[0]:.0f} s", apart[0] / alone[0], 0.65)


BACKENDS = {"loky": 2, "sequential": 1}
