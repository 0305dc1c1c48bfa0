"""Text from outside that is nested without end.

Python's reader of JSON stops at the limit of recursion. Who imports web3 gets a limit that is a hundred times as
high, at which the reader ends the process before it stops.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

DEEPEST = 2_000
NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


def brackets_of(data: bytes) -> bytes:
    """The brackets of JSON outside of its texts, in their order, as far as it is JSON."""
    outside_texts = data.replace(rb"\\", b"").replace(rb"\"", b"").split(b'"')[::2]
    return b"".join(outside_texts).translate(None, NO_BRACKETS)


@contextmanager
def bounded_nesting() -> Iterator[None]:
    """Within it a reader raises `RecursionError` before the stack is used up, whoever raised the limit."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(min(before, DEEPEST))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
