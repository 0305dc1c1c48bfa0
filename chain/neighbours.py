"""Ends an import where somebody else's file shadows one of the four packages.

`chain`, `market`, `strategies` and `experiments` are words that people give to folders of their own, and Python
takes the first that it finds. Each of the four runs this file when it is imported, by its place, since the name
`chain` may be the one that is taken; the loader keeps it compiled, which `runpy` does not. Raises `ImportError`.
"""

from __future__ import annotations

from importlib.util import find_spec
from os.path import dirname, join, realpath

HOME = dirname(dirname(realpath(__file__)))
"""The folder that holds the four."""
PACKAGES = ("chain", "market", "strategies", "experiments")


def check(name: str) -> None:
    """Raise `ImportError` where Python finds `name` elsewhere. Where it finds none, the import says so."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        return
    ours = join(HOME, name)
    if realpath(spec.origin) != realpath(join(ours, "__init__.py")):
        raise ImportError(
            f"{spec.origin} shadows et-testbed's {name!r} ({ours}): rename it, or use the command et-testbed"
        )


for package in PACKAGES:
    check(package)
