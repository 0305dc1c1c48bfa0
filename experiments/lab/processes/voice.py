"""What a process says to the one that it works for, and whether that wants it to stop."""

from __future__ import annotations

import pickle
import signal
import sys
import threading
import traceback
import warnings
from types import FrameType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from mmap import mmap
    from multiprocessing.connection import Connection

GOES_ON, STOPS, ENDS = range(3)
"""What a worker is told: to go on; to stop where it can be gone on from; to end at once."""

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C; what batch systems send; that the terminal was closed."""


class WorkOutcome(NamedTuple):
    """What a work has come to: what it gives back, or what it raised, with its traceback."""

    value: Any = None
    error: BaseException | None = None
    trace: str = ""


class Voice:
    """A worker's end of the line. It may be used by any of its threads."""

    def __init__(self, line: Connection, order: mmap) -> None:
        self._line = line
        self._order = order
        self._lock = threading.Lock()

    @property
    def is_stopped(self) -> bool:
        """Whether the work is to stop at the next place from which it can go on."""
        return self._order[0] != GOES_ON

    def say(self, *words: Any) -> None:
        """Tell the owner something that pickles."""
        with self._lock:
            self._line.send(words)

    def take_signals(self) -> None:
        """Leave it to the owner what a signal means: the terminal sends Ctrl-C to all of them at once."""
        for number in SIGNALS:
            if number == signal.SIGTERM or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._signalled)

    def take_warnings(self) -> None:
        """Have the owner show them: each once, whoever of its workers gives it."""
        warnings.showwarning = self._warned

    def _signalled(self, *_: int | FrameType | None) -> None:
        if self._order[0] == ENDS:
            sys.unraisablehook = lambda _: None  # a file that is cut off halfway has nothing to say
            raise KeyboardInterrupt

    def _warned(
        self, message: Warning | str, category: type[Warning], filename: str, lineno: int, *_: Any, **__: Any
    ) -> None:
        kind = category if travels(category) else UserWarning
        self.say("warning", str(message), kind, filename, lineno)


def outcome_of_error(error: BaseException) -> WorkOutcome:
    """What a work raised, as it can be sent: where it does not pickle, its words."""
    trace = "".join(traceback.format_exception(error))
    return WorkOutcome(
        error=error if travels(error) else RuntimeError(f"{type(error).__name__}: {error}"), trace=trace
    )


def travels(thing: object) -> bool:
    """Whether it can be sent to another process, and is the same kind there."""
    try:
        return type(pickle.loads(pickle.dumps(thing))) is type(thing)
    except Exception:
        return False
