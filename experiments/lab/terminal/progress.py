"""How far a command is, on a terminal and nowhere else; Ctrl-C ends it between two steps."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from types import TracebackType
from typing import Any, ParamSpec

from experiments.lab.processes.unended import Unended
from experiments.lab.processes.voice import SIGNALS
from experiments.lab.terminal.ending import tell

Steps = ParamSpec("Steps")
Shown = AbstractContextManager[Callable[Steps, bool]]
"""Is told how far something is, and says whether it is to go on."""

FORCED = ("FORCE_COLOR", "TTY_COMPATIBLE")
"""What users set where standard error takes bars though it is no terminal."""


class Interruptible:
    """Ctrl-C once, or its like: it ends after the present slot, and what was recorded is finished and readable.

    A second time it ends at once. A signal that is ignored stays so, as `nohup` wants it. Where the end does not
    come soon, a line says what it waits for: the end of `unit`.
    """

    def __init__(self, unit: str = "this slot") -> None:
        self.stopped = False
        self._unended = Unended(f"ending after {unit}; once more ends it at once", tell)
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Interruptible:
        for number in SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._stop)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)
        self._unended.__exit__(kind, error, trace)

    def _stop(self, *_: object) -> None:
        self.stopped = True
        self._unended.ask()
        for number in self._before:
            signal.signal(number, signal.default_int_handler)


def shown_run(interrupt: Interruptible, blocks: int | None, visible: bool) -> Shown[[str, int, int]]:
    """Shows how far a run of so many blocks is; None where it is not known how many."""
    if not visible or not takes_bars():
        return nullcontext(lambda *_: not interrupt.stopped)
    from experiments.lab.terminal.bars import RunBar  # slow to import

    return RunBar(interrupt, blocks)


def shown_sweep(interrupt: Interruptible, visible: bool) -> Shown[[int, int]]:
    """Shows how many runs of a sweep are done."""
    if not visible or not takes_bars():
        return nullcontext(lambda *_: not interrupt.stopped)
    from experiments.lab.terminal.bars import SweepBar  # as above

    return SweepBar(interrupt)


def takes_bars() -> bool:
    """Whether standard error is a terminal, or is to be taken for one."""
    return sys.stderr.isatty() or any(os.environ.get(name) for name in FORCED)
