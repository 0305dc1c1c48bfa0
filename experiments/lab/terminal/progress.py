"""How far a command is, on a terminal and nowhere else."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import ParamSpec

from experiments.lab.terminal.interruptible import Interruptible

Steps = ParamSpec("Steps")
Watching = AbstractContextManager[Callable[Steps, bool]]
"""Is told how far something is, and says whether it is to go on."""

FORCED = ("FORCE_COLOR", "TTY_COMPATIBLE")
"""What users set where standard error takes bars though it is no terminal."""


def shown_run(interrupt: Interruptible, blocks: int | None, visible: bool) -> Watching[[str, int, int]]:
    """Shows how far a run of so many blocks is; None where it is not known how many."""
    if not visible or not takes_bars():
        return nullcontext(lambda *_: not interrupt.stopped)
    from experiments.lab.terminal.bars import RunBar  # slow to import

    return RunBar(interrupt, blocks)


def shown_sweep(interrupt: Interruptible, visible: bool) -> Watching[[int, int]]:
    """Shows how many runs of a sweep are done."""
    if not visible or not takes_bars():
        return nullcontext(lambda *_: not interrupt.stopped)
    from experiments.lab.terminal.bars import SweepBar  # as above

    return SweepBar(interrupt)


def takes_bars() -> bool:
    """Whether standard error is a terminal, or is to be taken for one."""
    return sys.stderr.isatty() or any(os.environ.get(name) for name in FORCED)
