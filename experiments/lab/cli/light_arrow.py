"""Arrow without pandas, which takes half a second to load and which no run needs."""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder
from typing import Any


class Hidden(MetaPathFinder):
    """Says of pandas that it is not there."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:  # noqa: ARG002
        """Raises `ModuleNotFoundError` for pandas, and leaves all else to others."""
        if name == "pandas":
            raise ModuleNotFoundError(name)


def without_pandas() -> None:
    """Let Arrow find no pandas in this process until somebody loads it.

    `pyarrow.array` looks for pandas once, to tell its objects from others. Conversions to pandas look again,
    and find it. Where it is loaded already there is nothing to save.
    """
    if "pandas" in sys.modules:
        return
    import pyarrow as pa

    hidden = Hidden()
    sys.meta_path.insert(0, hidden)
    try:
        pa.array([])
    finally:
        sys.meta_path.remove(hidden)
