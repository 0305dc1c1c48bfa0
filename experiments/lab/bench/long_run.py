"""One long run in a process of its own, so that its peak memory is its own too: `long_run BLOCKS`."""

from __future__ import annotations

import json
import sys

from experiments.lab.bench.__main__ import long_run

if __name__ == "__main__":
    print(json.dumps(long_run(int(sys.argv[1]))))
