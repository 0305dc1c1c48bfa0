"""Importing a user's own file and the modules beside it, wherever they lie and wherever one stands.

The modules of one strategy are a package of their own, `et_testbed_user_` and a digest of what they say, so that
two files `helper.py` of two folders are two modules, and a pickle finds them again elsewhere.
"""

from __future__ import annotations

import builtins
import importlib
import importlib.util
import sys
from collections.abc import Callable, Sequence
from functools import cache, partial
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from chain.interruption import CALLED, OWN_CODE
from chain.missing_files import NEEDED_BY
from strategies.own_files import FileFamily, is_own
from strategies.own_settings import kept_to_itself

_CALLED: dict[str, str] = {}
"""By package: how the run calls the folder of its files."""
_WANTED: dict[str, str] = {}
"""By package: what of it the run asks for, e.g. `bots/my_buyer.py:Patient`."""


def import_family(family: FileFamily, called: str, attribute: str) -> ModuleType:
    """The module of a user's file, executed anew, and with it what it imports from beside it.

    `called` is what the run calls the file, e.g. `bots/my_buyer.py`, and `attribute` what it wants of it. Raises
    whatever the file raises.
    """
    package = f"{OWN_CODE}{family.digest[:8]}"
    for name in [name for name in sys.modules if name == package or name.startswith(f"{package}.")]:
        del sys.modules[name]
    importlib.invalidate_caches()
    _CALLED[package] = called.removesuffix(family.names[0])
    _WANTED[package] = f"{called}:{attribute}"
    top = sys.modules[package] = ModuleType(package)
    top.__path__ = [str(family.folder)]
    if _FINDER not in sys.meta_path:
        sys.meta_path.insert(0, _FINDER)
    stem = Path(family.names[0]).stem
    return load(f"{package}.{stem.replace('.', '_')}", family.folder / family.names[0])


def load(name: str, path: Path) -> ModuleType:
    """The module in a file, whatever the file is called."""
    spec = ModuleSpec(name, OwnLoader(name, str(path)), origin=str(path))
    spec.has_location = True
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        OwnLoader(name, str(path)).exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


class OwnLoader(SourceFileLoader):
    """Executes a module in which imports look beside the strategy first. Leaves no compiled file behind."""

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002
        """The source, compiled; tracebacks and debuggers know it by the place where it really lies."""
        source = self.get_data(self.path)
        return self.source_to_code(source, str(Path(self.path).resolve()))

    def exec_module(self, module: ModuleType) -> None:
        """Execute it, knowing how the run calls it."""
        package = module.__name__.partition(".")[0]
        folder = Path(sys.modules[package].__path__[0])
        called = f"{_CALLED[package]}{Path(self.path).relative_to(folder).as_posix()}"
        vars(module)[CALLED] = called
        if not _WANTED[package].startswith(f"{called}:"):
            vars(module)[NEEDED_BY] = _WANTED[package]
        vars(module)["__builtins__"] = vars(builtins) | {"__import__": importer(package, folder)}
        with kept_to_itself():
            super().exec_module(module)


class OwnFinder(MetaPathFinder):
    """Finds the modules of a user's package."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Where Python would find it, with a loader of ours."""
        if not fullname.startswith(OWN_CODE):
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = OwnLoader(fullname, spec.loader.path)
        return spec


_FINDER = OwnFinder()


def importer(package: str, folder: Path) -> Callable[..., Any]:
    """What `import` means in a user's own modules."""
    known = cache(partial(is_own, folder=folder))

    def import_(
        name: str, globals: Any = None, locals: Any = None, fromlist: Sequence[str] = (), level: int = 0
    ) -> Any:
        first = name.partition(".")[0]
        if level or not known(first):
            return builtins.__import__(name, globals, locals, fromlist, level)
        found = builtins.__import__(f"{package}.{name}", globals, locals, fromlist, 0)
        if fromlist:
            return found
        return sys.modules[f"{package}.{first}"]

    return import_
