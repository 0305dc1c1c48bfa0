"""Files that a user's own code reads and that no run takes along: from where one stands, or by a way around the
folder that a run has for it. Here they are found; where the run is made again they are not.

Python tells of every file that is opened to whoever has asked, for as long as the process lives: it is asked once,
by the first that listens.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from functools import cache
from os.path import isabs, isfile, realpath, relpath
from types import FrameType
from typing import Any, Self

from chain.interruption import CALLED
from chain.missing_files import folder_of, remedy
from chain.wording import MOST_TOLD, one_line
from strategies.own_files import OURS

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
NOT_THEIRS = OURS | {"importlib"}
"""What reads files of its own, whoever calls it."""


class ReadElsewhere:
    """Takes note of them for as long as it is entered."""

    def __init__(self) -> None:
        self.lines: dict[str, None] = {}
        """What to warn of, in the order in which it was read, each once."""

    def __enter__(self) -> Self:
        ask_python()
        LISTENING.append(self)
        return self

    def __exit__(self, *_: object) -> None:
        LISTENING.remove(self)

    def opened(self, path: str, caller: FrameType) -> None:
        """A file is opened for reading by `caller`."""
        frame = own_frame(caller)
        if frame is None or not isfile(path) or path.startswith(f"{sys.prefix}/"):
            return
        folder = folder_of(frame.f_globals)
        if not isabs(path):
            self._note(frame, path, remedy(path, frame.f_globals))
        elif name := name_beside(path, frame.f_globals, folder):
            self._note(frame, name, remedy(f"{folder}/{name}", frame.f_globals))

    def _note(self, frame: FrameType, name: str, mend: str) -> None:
        place = f"{frame.f_globals[CALLED]}:{frame.f_lineno}"
        self.lines[one_line(f"{place} reads {name}, which no run takes along{mend}", MOST_TOLD)] = None


LISTENING: list[ReadElsewhere] = []


@cache
def ask_python() -> None:
    """Hear of every file from now on."""
    sys.addaudithook(heard)


def heard(event: str, arguments: tuple[object, ...]) -> None:
    """Pass on that a file is opened for reading."""
    if event != "open" or not LISTENING:
        return
    path, _, flags = arguments
    if isinstance(path, str) and isinstance(flags, int) and not flags & WRITES:
        for listener in LISTENING:
            listener.opened(path, sys._getframe(1))


def name_beside(path: str, module: Mapping[str, Any], folder: str) -> str | None:
    """How a file is called that really lies beside a user's module, and not in the `folder` that a run has for it;
    None for all others."""
    inside = relpath(module["__file__"], folder)
    home = realpath(module["__file__"]).removesuffix(inside)
    name = path.removeprefix(home)
    if not path.startswith(home) or path.startswith(f"{folder}/") or isfile(f"{folder}/{name}"):
        return None
    return name


def own_frame(frame: FrameType | None) -> FrameType | None:
    """The innermost frame of a user's own file; None where there is none, or where what it calls reads files of
    its own."""
    while frame is not None and not folder_of(frame.f_globals):
        if str(frame.f_globals.get("__name__")).partition(".")[0] in NOT_THEIRS:
            return None
        frame = frame.f_back
    return frame
