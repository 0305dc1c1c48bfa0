"""Arrow without pandas, which takes half a second to load and which no run needs."""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any


class Hidden(MetaPathFinder):
    """Says of pandas that it is not there."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:  # noqa: ARG002
        """Raises `ModuleNotFoundError` for pandas, and leaves all else to others."""
        if name == "pandas":
            raise ModuleNotFoundError(name)


class Awaited(MetaPathFinder):
    """Has Arrow look for pandas again once somebody loads it, such as a strategy of the user's."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:  # noqa: ARG002
        """What the others find; once pandas is loaded, Arrow is told."""
        if name != "pandas":
            return None
        sys.meta_path.remove(self)
        spec = find_spec(name)
        if spec is not None and spec.loader is not None:
            load = spec.loader.exec_module
            spec.loader.exec_module = lambda module: tell_arrow(load, module)  # type: ignore[method-assign]
        return spec


def tell_arrow(load: Any, pandas: ModuleType) -> None:
    """Load pandas, and have Arrow find it."""
    import pyarrow as pa

    load(pandas)
    _ = pa.lib._pandas_api.pd  # whoever asks for pandas itself has Arrow look again


def without_pandas() -> None:
    """Let Arrow find no pandas in this process until somebody loads it.

    `pyarrow.array` looks for pandas once, to tell its objects from others. Where it is loaded already there is
    nothing to save.
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
    sys.meta_path.insert(0, Awaited())
