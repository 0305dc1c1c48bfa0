"""Sweeps: one config over a grid of parameters and many seeds, on one machine or a cluster.

- `run_sweep`: `sweep(...)`;
- `grid`, `plan`, `job`, `backend`: what is swept; the runs to do; one of them; where they are carried out;
- `alike`: points of a grid in words, by what they share;
- `result`, `tail_columns`, `sweep_text`: what comes back, how heavy its tails are, how it looks on a terminal.
"""

from __future__ import annotations

from experiments.lab.sweep.grid import read_grid, read_seeds
from experiments.lab.sweep.result import Sweep, load_sweep
from experiments.lab.sweep.run_sweep import sweep

__all__ = ["Sweep", "load_sweep", "read_grid", "read_seeds", "sweep"]
