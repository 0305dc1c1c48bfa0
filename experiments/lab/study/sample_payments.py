"""The file of payments that ships with `mainnet_replay`: generated, in the columns of mevboost-data.

`python -m experiments.lab.study.sample_payments FILE` writes it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from chain.randomness import Streams
from chain.rewards import MevBoost, RewardPath
from chain.whole_file import whole_file

BLOCKS = 3000
FIRST_BLOCK, FIRST_SLOT = 18_684_000, 7_878_900  # the last hours of November 2023, and the first of December
UNREPORTED = 0.094  # share of blocks that no relay delivered
RELAYS = ("relay-a", "relay-b", "relay-c")
BUILDERS = ("builder-a", "builder-b", "builder-c", "builder-d")


def sample(seed: int = 1) -> pa.Table:
    """Payments of the reward process `mevboost`; a block is reported by one relay or by several, or by none."""
    streams = Streams(seed)
    path = RewardPath(MevBoost(), streams.generator("reward"))
    rng = streams.generator("relays")
    rows = []
    for number, slot in enumerate(np.flatnonzero(rng.random(2 * BLOCKS) > 0.005)[:BLOCKS].tolist()):
        payment = path.advance()
        if rng.random() < UNREPORTED:
            continue
        builder = rng.choice(BUILDERS)
        ms = 12_000 + int(rng.normal(450, 500))
        for relay in rng.choice(RELAYS, size=rng.integers(1, 3), replace=False):
            wei = str(payment * 10**9 + int(rng.integers(10**9)) * (relay == RELAYS[0]))
            rows.append((FIRST_BLOCK + number, FIRST_SLOT + slot, wei, str(builder), str(relay), ms))
    names = ("block_number", "slot", "value", "builder_label", "relay", "slot_time_ms")
    return pa.table(dict(zip(names, zip(*rows, strict=True), strict=True)))


if __name__ == "__main__":
    with whole_file(Path(sys.argv[1])) as file:
        pq.write_table(sample(), file, compression="zstd")
