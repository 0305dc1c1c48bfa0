"""The source of a strategy of the user's own, which is read and not executed.

A branch to which no view leads counts too.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from chain.interruption import CALLED, OWN_CODE
from strategies.base import Strategy
from strategies.testing.missing_value import is_of_testbed


class OwnSource(NamedTuple):
    """One file: how messages call it, what stands in it, and those of its classes that are other strategies."""

    called: str
    tree: ast.Module
    others: frozenset[str]

    def nodes(self, *without: str) -> Iterator[ast.AST]:
        """All that stands in it, but for what stands in the others, and in functions of some names."""
        return below(self.tree, self.others.union(without))


def below(node: ast.AST, left_out: frozenset[str]) -> Iterator[ast.AST]:
    """What stands in a node, but for what is called so."""
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, (ast.ClassDef, ast.FunctionDef)) and child.name in left_out):
            yield child
            yield from below(child, left_out)


def own_sources(kind: type[Strategy]) -> Iterator[OwnSource]:
    """Those of a strategy: of its classes and of what is loaded beside them."""
    for module in own_modules(kind):
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and file.endswith(".py"):
            called = vars(module).get(CALLED) or Path(file).name
            yield from source_in(Path(file), called, others_in(module, kind))


def sources_in(folder: Path) -> Iterator[OwnSource]:
    """All files of Python in a folder, as a run has taken them along."""
    for file in sorted(folder.rglob("*.py")):
        yield from source_in(file, file.relative_to(folder).as_posix(), frozenset())


def source_in(file: Path, called: str, others: frozenset[str]) -> Iterator[OwnSource]:
    """A file; nothing for one that cannot be read."""
    try:
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return
    yield OwnSource(called, tree, others)


def own_modules(kind: type[Strategy]) -> list[ModuleType]:
    """The modules of its classes but for the testbed's, and those of a user's file that are loaded beside it."""
    names = [
        name for base in kind.__mro__ if not is_of_testbed(name := str(base.__module__)) and name != "builtins"
    ]
    packages = tuple(f"{name.partition('.')[0]}." for name in names if name.startswith(OWN_CODE))
    beside = [name for name in sorted(sys.modules) if packages and name.startswith(packages)]
    found = (sys.modules.get(name) for name in dict.fromkeys([*names, *beside]))
    return [module for module in found if module is not None]


def others_in(module: ModuleType, kind: type[Strategy]) -> frozenset[str]:
    """The strategies of a module that have nothing to do with this one."""
    found = vars(module).items()
    return frozenset(
        name
        for name, each in found
        if isinstance(each, type) and issubclass(each, Strategy) and each not in kind.__mro__
    )
