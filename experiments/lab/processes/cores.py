"""How many processes may work at a time."""

from __future__ import annotations

import os
import sys

WORKER = "ET_TESTBED_WORKER"
"""In the environment of a process that works for another, and of those that it starts."""


def cores() -> int:
    """The cores that this process may use; 1 in one that works for another: its siblings use the rest."""
    if is_worker():
        return 1
    if sys.version_info >= (3, 13):
        return os.process_cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def is_worker() -> bool:
    """Whether this process works for another."""
    return WORKER in os.environ


def become_worker() -> None:
    """From now on this process works for another."""
    os.environ[WORKER] = "1"
