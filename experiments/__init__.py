"""What to ask: `from experiments import run`. The experiments themselves are this package's modules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.lab.errors import InputError
    from experiments.lab.results import Comparison, Result, load
    from experiments.lab.runs import run

__all__ = ["Comparison", "InputError", "Result", "load", "run"]

_PLACES = {
    "run": "experiments.lab.runs",
    "load": "experiments.lab.results",
    "Result": "experiments.lab.results",
    "Comparison": "experiments.lab.results",
    "InputError": "experiments.lab.errors",
}


def __getattr__(name: str) -> Any:
    """Loads the machinery when it is first asked for, so that importing the package costs nothing."""
    import importlib

    if name not in _PLACES:
        raise AttributeError(f"module 'experiments' has no attribute {name!r}")
    return getattr(importlib.import_module(_PLACES[name]), name)
