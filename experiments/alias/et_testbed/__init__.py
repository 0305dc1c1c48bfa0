"""The testbed by the name of its distribution: `from et_testbed import run`.

It has the names of `experiments`. Where Python finds a `chain`, `market`, `strategies` or `experiments` of the
user's own first, this import says which file shadows which package, in one line (`ImportError`).
"""

from __future__ import annotations

import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import TYPE_CHECKING, Any

_PLACES = (folder / "chain" / "neighbours.py" for folder in Path(__file__).parents)
# A wheel has the four packages beside this one; in a checkout they lie some folders further up.
_CHECK = next(str(place) for place in _PLACES if place.is_file())
exec(SourceFileLoader("neighbours", _CHECK).get_code("neighbours") or "", {"__file__": _CHECK})

import experiments

if TYPE_CHECKING:
    from experiments import *  # noqa: F403
    from experiments import rl as rl  # not brought by the star: it needs its extra

__all__ = experiments.__all__

if not TYPE_CHECKING:  # a checker is to see a misspelt name

    def __getattr__(name: str) -> Any:
        if name == "__version__":
            from importlib.metadata import version

            return version("et-testbed")
        try:
            return getattr(experiments, name)
        except AttributeError as error:
            from chain.misplaced_names import refuse_import  # of use here alone

            refuse_import(__name__, name, sys._getframe(1))
            raise AttributeError(str(error).replace("'experiments'", f"{__name__!r}", 1)) from None


def __dir__() -> list[str]:
    return dir(experiments)
