"""A process ends with the one that it works for, lest it write on to a folder in which that one goes on."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from functools import cache
from typing import Any

from experiments.lab.processes.cores import become_worker

WATCH_SECONDS = 0.1


def end_with(owner: int, work: Callable[[Any], Any], thing: Any) -> Any:
    """Do work for the process `owner`, with which a worker of it ends."""
    if os.getpid() != owner:
        watch(owner)
    return work(thing)


@cache
def watch(owner: int) -> None:
    """Once in a process, have it end with its parent."""
    become_worker()
    threading.Thread(target=outlive, args=(owner,), daemon=True).start()


def outlive(owner: int) -> None:
    """Wait for the end of the parent, and end this process at once: a run in it bars `os._exit`."""
    while os.getppid() == owner:
        time.sleep(WATCH_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)
