"""Text from outside that is nested without end.

Python's reader of JSON stops at the limit of recursion. Who imports web3 gets a limit that is a hundred times as
high, at which the reader ends the process before it stops.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

DEEPEST = 2_000


@contextmanager
def bounded_nesting() -> Iterator[None]:
    """Within it a reader raises `RecursionError` before the stack is used up, whoever raised the limit."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(min(before, DEEPEST))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
