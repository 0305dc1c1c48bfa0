"""Ctrl-C ends a command between two steps."""

from __future__ import annotations

import signal
from types import TracebackType
from typing import Any

from experiments.lab.processes.unended import Unended
from experiments.lab.processes.voice import SIGNALS
from experiments.lab.terminal.ending import tell


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
