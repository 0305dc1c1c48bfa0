"""The face of a package: the names that it shows, each loaded from its module when it is first asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any


def face(package: str, rooms: Mapping[str, Sequence[str]]) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """`__getattr__` and `__dir__` for `package`: importing it costs nothing, and completion finds its names.

    `rooms` has for each module the names that are imported from it, each as `from module import name` finds it.
    """
    places = {name: module for module, names in rooms.items() for name in names}

    def load(name: str) -> Any:
        if name not in places:
            from chain.misplaced_names import package_itself, refuse_import  # of use here alone
            from chain.near_names import near

            refuse_import(package, name, sys._getframe(1))
            hint = package_itself(name) or near(name, places)
            raise AttributeError(f"module {package!r} has no attribute {name!r}{hint}")
        module = __import__(places[name], fromlist=[name])
        return getattr(module, name)

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *places})

    return load, names


class Signpost:
    """Is asked last of all for a module that nobody has: of one of the testbed's it says where that is."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:  # noqa: ARG004
        """Raises `ModuleNotFoundError` where there is something to say; other modules are left to Python."""
        first, _, rest = name.partition(".")
        if first not in PACKAGES or not rest or rest.startswith("_"):
            return
        from chain.misplaced_names import way_to_module  # of use here alone

        if way := way_to_module(name):
            raise ModuleNotFoundError(f"No module named {name!r}{way}", name=name)


PACKAGES = frozenset({"chain", "market", "strategies", "experiments", "et_testbed"})

sys.meta_path.append(Signpost)
