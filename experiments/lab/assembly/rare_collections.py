"""While a run goes on, Python looks for garbage less often."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

THRESHOLDS = (200_000, 20, 20)
"""Of the three generations, see `gc.set_threshold`: more than the rows that wait to be written."""


@contextmanager
def rare_collections() -> Iterator[None]:
    """A run makes many rows and views, and hardly a circle of references that only the collector could free. At
    Python's own thresholds it goes through all of them again and again, a fifth of the CPU time of a run; once
    through the rows while they wait takes a twentieth."""
    before = gc.get_threshold()
    if before[0]:  # 0: the user has turned it off
        gc.set_threshold(*map(max, before, THRESHOLDS))
    try:
        yield
    finally:
        gc.set_threshold(*before)
