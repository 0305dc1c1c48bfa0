"""Signals that were ignored as the tests began: SIGHUP under `nohup`, SIGINT in the background of a shell."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from experiments.lab.processes.voice import SIGNALS


@contextmanager
def heeded() -> Iterator[None]:
    """Inside they still do nothing here, and are no longer ignored by a process that a test starts: it would take
    that over, and go on where a test sends it one."""
    ignored = [number for number in SIGNALS if signal.getsignal(number) is signal.SIG_IGN]
    for number in ignored:
        signal.signal(number, lambda *_: None)
    try:
        yield
    finally:
        for number in ignored:
            signal.signal(number, signal.SIG_IGN)
