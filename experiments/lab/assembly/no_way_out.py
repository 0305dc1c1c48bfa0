"""While strategies are asked in the run's own process, none of them ends it without a word."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_way_out() -> Iterator[None]:
    """`os._exit` raises `SystemExit` in this process; in one that was forked off it ends that as ever."""
    run, leave = os.getpid(), os._exit

    def stay(status: int = 0) -> None:
        if os.getpid() != run:
            leave(status)
        raise SystemExit(f"os._exit({status})")

    os._exit = stay  # type: ignore[assignment]
    try:
        yield
    finally:
        os._exit = leave
