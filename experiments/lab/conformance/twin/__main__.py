"""Random histories on both sides: `python -m experiments.lab.conformance.twin [OPERATIONS] [FIRST_SEED]`.

Left out, it plays a million operations from seed 0 on.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from itertools import count

from experiments.lab.conformance.twin.player import play_all

LENGTH = 2_000  # operations of one history


def main(operations: int = 1_000_000, first: int = 0) -> None:
    """Play until so many operations agreed. Raises `Disagreement`."""
    start = time.process_time()
    agreed: Counter[int] = Counter()  # by blocks of a round
    accepted = 0
    for played in play_all(count(first), LENGTH):
        agreed[played.round] += played.operations
        accepted += played.accepted
        seconds = time.process_time() - start
        whole = agreed.total()
        print(
            f"\r{whole:,} agreed, {accepted / whole:z.0%} valid, {whole / seconds:z,.0f} a CPU s",
            end="",
            flush=True,
        )
        if whole >= operations:
            break
    print("".join(f"; {agreed[size]:,} with rounds of {size}" for size in sorted(agreed)))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
