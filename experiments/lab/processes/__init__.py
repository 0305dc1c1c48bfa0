"""Processes that work side by side for this one: how many there is room for, how they are heard and ended.

- `cores`: how many may work at a time;
- `crew`: a process for each of a few works, forked off this one;
- `voice`: what such a process says to the one that it works for;
- `told_once`: what is warned of once, however many runs and processes it is true of;
- `owner`: a process ends with the one that it works for;
- `unended`: what goes on where an end was asked for and does not come.

What `crew` does is for the structures of a run. A sweep has hundreds of runs, on clusters too: joblib sends those
out (`experiments.lab.sweep.backend`), and they end with their owner as these do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chain.face import face
from experiments.lab.processes.cores import cores, is_worker
from experiments.lab.processes.voice import Voice

if TYPE_CHECKING:
    from experiments.lab.processes.crew import side_by_side

__all__ = ["Voice", "cores", "is_worker", "side_by_side"]

__getattr__, __dir__ = face(
    __name__, {"experiments.lab.processes.crew": ["side_by_side"]}
)  # multiprocessing is slow
