"""Threads that a strategy has started and left behind: the process would wait for them, for ever perhaps."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterable
from typing import NoReturn

JOINED_AT_EXIT = ("concurrent.futures", "joblib", "loky", "distributed", "multiprocessing")
"""Packages whose threads end by themselves as Python ends."""
SECONDS = 1.0

elsewhere: list[str] = []
"""The names of threads that were left behind in processes which worked for this one, and ended with those."""


def leave_elsewhere(names: Iterable[str]) -> None:
    """Strategies have left these behind in processes which worked for this one."""
    elsewhere.extend(names)


def left_over(before: Iterable[threading.Thread]) -> list[threading.Thread]:
    """Threads that go on and keep the process alive, but for those of `before`. They have a second to end."""
    mine = {threading.main_thread(), threading.current_thread(), *before}
    started = [thread for thread in threading.enumerate() if thread not in mine and keeps_alive(thread)]
    for thread in started:
        thread.join(SECONDS / len(started))
    return [thread for thread in started if thread.is_alive()]


def keeps_alive(thread: threading.Thread) -> bool:
    """Whether Python would wait for it without end."""
    target = getattr(thread, "_target", None)
    makers = (type(thread).__module__, getattr(target, "__module__", None) or "")
    return not thread.daemon and not any(maker.startswith(JOINED_AT_EXIT) for maker in makers)


def end_at_once(code: int) -> NoReturn:
    """End the process with all its threads."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
