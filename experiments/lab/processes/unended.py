"""Who has asked for an end that does not come is told what goes on instead: mostly a loop of the user's own."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from types import FrameType, TracebackType

from chain.interruption import CALLED

PATIENCE_SECONDS = 1.0
"""What ends within so long after it was asked to needs no word."""
TICK_SECONDS = 0.1


class Unended:
    """Within it, a line is said if what goes on has not ended some time after `ask`: `what`, and one more where
    the user's own code is busy then."""

    def __init__(self, what: str, say: Callable[[str], object], seconds: float = PATIENCE_SECONDS) -> None:
        self._what = what
        self._say = say
        self._timer = threading.Timer(seconds, self._tell)
        self._timer.daemon = True

    def ask(self) -> None:
        """The end was asked for, which counts once."""
        if not self._timer.is_alive() and not self._timer.finished.is_set():
            self._timer.start()

    def __enter__(self) -> Unended:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        if self._timer.is_alive():
            self._timer.join()

    def _tell(self) -> None:
        self._say(self._what)
        say_what_is_busy(self._say)


def watch_the_end(is_asked: Callable[[], bool], say: Callable[[str], object]) -> None:
    """The same in a process that works for another, which asks for the end: say where own code is busy then."""
    threading.Thread(target=wait_and_say, args=(is_asked, say), daemon=True).start()


def wait_and_say(is_asked: Callable[[], bool], say: Callable[[str], object]) -> None:
    """Wait until the end was asked for, and some more."""
    while not is_asked():
        time.sleep(TICK_SECONDS)
    time.sleep(PATIENCE_SECONDS)
    say_what_is_busy(say)


def say_what_is_busy(say: Callable[[str], object]) -> None:
    """Say where the user's own code is, if it is anywhere."""
    if place := own_place():
        say(f"{place} has not answered yet; `et-testbed check` finds what takes too long")


def own_place() -> str:
    """Where the user's own code is now, in whichever thread: `my_buyer.py:51 (in bid)`; nothing, where it is in
    none."""
    places = (place_in(frame) for frame in sys._current_frames().values())
    return next(filter(None, places), "")


def place_in(frame: FrameType | None) -> str:
    """The innermost line of a user's own file that a frame has come through."""
    while frame is not None:
        name = dict.get(frame.f_globals, CALLED)
        if type(name) is str:
            return f"{name}:{frame.f_lineno} (in {frame.f_code.co_name})"
        frame = frame.f_back
    return ""
