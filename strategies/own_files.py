"""A user's own file and what belongs to it: the modules beside it that it imports, the files that its class names,
or that stand on top of it for its functions.

Nothing is executed to find them: imports and `files` are read off the source.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import NamedTuple

OURS = frozenset({"chain", "market", "strategies", "experiments", "et_testbed"})
"""Packages that nothing beside a strategy stands in for."""


class FileFamily(NamedTuple):
    """A file with what belongs to it, as names from the folder in which it lies, the file itself first."""

    folder: Path
    names: tuple[str, ...]

    @property
    def digest(self) -> str:
        """SHA-256 over all names and contents, hex: wherever they lie, it is the same."""
        parts = (f"{name}\n{sha256((self.folder / name).read_bytes()).hexdigest()}\n" for name in self.names)
        return sha256("".join(parts).encode()).hexdigest()


def family_of(path: Path, attribute: str) -> FileFamily:
    """What belongs to the class or function `attribute` of a file.

    Raises `ValueError` where the class names a file that is not there.
    """
    folder = path.parent
    trees: dict[str, ast.Module] = {}
    waiting = [path.name]
    while waiting:
        name = waiting.pop(0)
        if name not in trees:
            trees[name] = parsed(folder / name)
            waiting += imports(trees[name], name, folder)
    named = [*files_named(trees, attribute, folder), *files_on_top(trees[path.name], attribute, folder)]
    return FileFamily(folder, tuple(dict.fromkeys([*trees, *named])))


def parsed(path: Path) -> ast.Module:
    """The syntax of a file; of one that has none, nothing: loading it will say so."""
    try:
        return ast.parse(path.read_bytes())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


def imports(tree: ast.Module, name: str, folder: Path) -> Iterator[str]:
    """The files beside it that a module imports, anywhere in it."""
    package = PurePosixPath(name).parent.parts
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from own_modules(tuple(alias.name.split(".")), folder)
        elif isinstance(node, ast.ImportFrom):
            parts: tuple[str, ...] = ()
            if node.module:
                parts = tuple(node.module.split("."))
            start: tuple[str, ...] = ()
            if node.level:
                start = package[: len(package) - node.level + 1]
            for alias in node.names:
                yield from own_modules((*start, *parts, alias.name), folder, is_relative=node.level > 0)


def own_modules(parts: tuple[str, ...], folder: Path, *, is_relative: bool = False) -> Iterator[str]:
    """The files of a dotted name, from its first part on, where it lies beside the strategy."""
    if not parts or not (is_relative or is_own(parts[0], folder)):
        return
    for end in range(1, len(parts) + 1):
        place = PurePosixPath(*parts[:end])
        for name in (f"{place}.py", f"{place}/__init__.py"):
            if (folder / name).is_file():
                yield name


def is_own(module: str, folder: Path) -> bool:
    """Whether a module's first name means one beside the strategy. As ever in Python, a folder without
    `__init__.py` comes after what is installed."""
    if module in OURS:
        return False
    if (folder / f"{module}.py").is_file() or (folder / module / "__init__.py").is_file():
        return True
    return (folder / module).is_dir() and not is_installed(module)


def is_installed(module: str) -> bool:
    """Whether Python finds a module of that name."""
    return module in sys.modules or find_spec(module) is not None


def files_named(trees: dict[str, ast.Module], attribute: str, folder: Path) -> list[str]:
    """What `files` of a class and of the classes above it names. Raises `ValueError`."""
    classes = {
        node.name: node for tree in trees.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)
    }
    found: list[str] = []
    waiting = [attribute]
    while waiting:
        node = classes.pop(waiting.pop(0), None)
        if node is not None:
            found += [checked(name, node.name, folder) for name in files_in(node)]
            waiting += [base.attr if isinstance(base, ast.Attribute) else ast.unparse(base) for base in node.bases]
    return found


def files_on_top(tree: ast.Module, attribute: str, folder: Path) -> list[str]:
    """What `files = …` on top of a file names, for what is no class in it: a function cannot say it in itself.
    Raises `ValueError` for a name of no file; what is not written out is some other variable."""
    if any(isinstance(node, ast.ClassDef) and node.name == attribute for node in tree.body):
        return []
    lines = [line for line in tree.body if is_about_files(line)]
    return [checked(name, "the file", folder) for line in lines for name in names_in(line) or ()]


def files_in(node: ast.ClassDef) -> tuple[str, ...]:
    """The class attribute `files`, written out. Raises `ValueError` for anything but names of files."""
    for line in node.body:
        if is_about_files(line):
            names = names_in(line)
            if names is None:
                raise ValueError(f'{node.name}.files: write it out, as files = ("weights.npz",)')
            return names
    return ()


def names_in(line: ast.stmt) -> tuple[str, ...] | None:
    """What `files = …` says; None for what is not written out as strings."""
    try:
        names = ast.literal_eval(line.value)  # type: ignore[attr-defined]
    except (ValueError, TypeError):
        return None
    if isinstance(names, (tuple, list)) and all(isinstance(name, str) for name in names):
        return tuple(names)
    return None


def is_about_files(line: ast.stmt) -> bool:
    """Whether a line of a class is `files = …`."""
    if isinstance(line, ast.AnnAssign):
        return line.value is not None and isinstance(line.target, ast.Name) and line.target.id == "files"
    if not isinstance(line, ast.Assign):
        return False
    return any(isinstance(target, ast.Name) and target.id == "files" for target in line.targets)


def checked(name: str, owner: str, folder: Path) -> str:
    """A name of a file beside the strategy. Raises `ValueError`."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(f"{owner}.files: {name!r} does not lie beside the strategy; put it there")
    if not (folder / path).is_file():
        raise ValueError(f"{owner}.files: there is no file {name!r} beside the strategy")
    return str(path)
