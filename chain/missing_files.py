"""What helps where a user's own code does not find a file that it reads.

A run takes along what lies beside the code and stands in `files`; elsewhere there is nothing else. What is said
depends on the path alone, so that a run and its replay say the same.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from os.path import isabs, relpath
from pathlib import PurePath
from typing import Any

from chain.interruption import OWN_CODE, traceback_of

NEEDED_BY = "__needed_by__"
"""In the modules that a user's own file imports from beside it: what they are for, e.g. `my_buyer.py:Patient`."""

_FILENAME: Any = OSError.__dict__["filename"]


def remedy_of(error: BaseException) -> str:
    """The way to have the file along, where an exception is about one that was not there, and came through a file
    of the user's own; else nothing."""
    if not isinstance(error, FileNotFoundError):
        return ""
    modules = [own for part in traceback_of(error) if folder_of(own := part.tb_frame.f_globals)]
    path = _FILENAME.__get__(error)
    if not modules or not isinstance(path, (str, PurePath)):
        return ""
    return remedy(str(path), modules[-1])


def remedy(path: str, module: Mapping[str, Any]) -> str:
    """The same for a path that a module of the user's own reads."""
    folder, needed_by = folder_of(module), dict.get(module, NEEDED_BY)  # type: ignore[call-overload]
    if path.startswith(f"{folder}/"):
        who = f", here {needed_by}" if type(needed_by) is str else ""
        named = naming(relpath(path, folder))
        return f"; a class names the files that it reads beside it, a file of functions on top{who}: {named}"
    where = "it is looked for at a fixed place" if isabs(path) else "it is looked for where one stands"
    name = PurePath(path).name
    who = f" in {needed_by}" if type(needed_by) is str else ""
    beside = f"Path(__file__).parent / {quoted(name)}"
    return f"; {where}: have it beside the code, name it{who}, {naming(name)}, and read {beside}"


def naming(name: str) -> str:
    """The line that names a file."""
    return f"files = ({quoted(name)},)"


def quoted(name: str) -> str:
    """A name as Python writes it."""
    return f'"{name}"' if name.isprintable() and not set(name) & {'"', "\\"} else ascii(name)


def folder_of(module: Mapping[str, Any]) -> str:
    """The folder in which the files of a user's own module lie; nothing for other modules."""
    name = dict.get(module, "__name__")  # type: ignore[call-overload]
    if type(name) is not str or not name.startswith(OWN_CODE):
        return ""
    top = sys.modules.get(name.partition(".")[0])
    return str(top.__path__[0]) if top is not None else ""
