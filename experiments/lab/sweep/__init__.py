"""Sweeps: one config over a grid of parameters and many seeds, on one machine or a cluster."""

from __future__ import annotations

from experiments.lab.sweep.grid import read_grid, read_seeds
from experiments.lab.sweep.result import Sweep, load_sweep
from experiments.lab.sweep.run_sweep import sweep

__all__ = ["Sweep", "load_sweep", "read_grid", "read_seeds", "sweep"]
