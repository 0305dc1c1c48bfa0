"""Memory of long answers, which is given back as it is freed."""

from __future__ import annotations

import ctypes
from contextlib import suppress

M_MMAP_THRESHOLD = -3
LARGE = 2**20  # bytes


def give_back_large_memory() -> None:
    """In glibc large pieces of memory would otherwise come from its heap once one was freed, and leave holes there
    that take several times as much as is in use."""
    with suppress(OSError, TypeError, AttributeError):  # elsewhere there is no such function
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE)
