"""What to ask: `from experiments import run`. The experiments themselves are this package's modules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.lab.config.errors import InputError
    from experiments.lab.ethereum.provider import TestbedProvider
    from experiments.lab.runs.results import Comparison, Result, load
    from experiments.lab.runs.runs import resume, run
    from experiments.lab.sweep import Sweep, load_sweep, sweep

__all__ = [
    "Comparison",
    "InputError",
    "Result",
    "Sweep",
    "TestbedProvider",
    "load",
    "load_sweep",
    "resume",
    "run",
    "sweep",
]

_PLACES = {
    "run": "experiments.lab.runs.runs",
    "resume": "experiments.lab.runs.runs",
    "sweep": "experiments.lab.sweep",
    "Sweep": "experiments.lab.sweep",
    "load_sweep": "experiments.lab.sweep",
    "load": "experiments.lab.runs.results",
    "Result": "experiments.lab.runs.results",
    "Comparison": "experiments.lab.runs.results",
    "TestbedProvider": "experiments.lab.ethereum.provider",
    "InputError": "experiments.lab.config.errors",
}


def __getattr__(name: str) -> Any:
    """Loads the machinery when it is first asked for, so that importing the package costs nothing."""
    import importlib

    if name not in _PLACES:
        raise AttributeError(f"module 'experiments' has no attribute {name!r}")
    return getattr(importlib.import_module(_PLACES[name]), name)
