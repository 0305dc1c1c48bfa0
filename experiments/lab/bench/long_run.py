"""One long run in a process of its own, so that its peak memory is its own too: `long_run BLOCKS`."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from experiments.lab.bench.measure import Line
from experiments.lab.bench.whole_runs import CONFIG
from experiments.lab.played.runs import run

LENGTHS = (10_000, 50_000, 100_000, 200_000)


def bench_growth() -> Iterator[Line]:
    """CPU time per block and peak memory as runs get longer."""
    short, middle, long, longest = map(figures_of, LENGTHS)
    cpu = long["cpu_per_block"]
    yield Line("a block of 100,000: one of 10,000", f"{1e6 * cpu:.0f} µs each", cpu / short["cpu_per_block"], 1.2)
    peak = longest["peak_mb"]
    yield Line("peak memory of 200,000 blocks: of 50,000", f"{peak:.0f} MB", peak / middle["peak_mb"], 1.05)


def figures_of(blocks: int) -> dict[str, float]:
    """Those of a run in a process of its own."""
    command = [sys.executable, "-m", "experiments.lab.bench.long_run", str(blocks)]
    told: dict[str, float] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return told


def long_run(blocks: int) -> dict[str, float]:
    """One unsigned run of the bench's config: CPU time per block and peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.process_time()
        run(CONFIG, blocks=blocks, signatures="off", out=Path(folder) / "run")
        return {"cpu_per_block": (time.process_time() - start) / blocks, "peak_mb": peak_mb()}


def peak_mb() -> float:
    """The most memory that this process has held, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    print(json.dumps(long_run(int(sys.argv[1]))))
