"""Holding what is the user's own to its time, also where it is in a loop or in C code.

A thread of the interpreter's own (`faulthandler`) looks at the clock: it needs no lock that the user's code might
hold, writes down where that is, and ends the process. What is asked at the moment is noted in a file beside it.
"""

from __future__ import annotations

import faulthandler
import os
import re
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import BinaryIO, TypeVar

from chain.wording import one_line
from strategies.finding import called, locate
from strategies.own_files import family_of

STEP_SECONDS = 5.0
"""How long by the clock one question may take."""
LOAD_TIMES = 4
"""How many times as long it may take to be loaded, made and started."""
LOADS = frozenset({"the import", "the config", "the constructor", "start"})
LETTERS = 40
FRAME = re.compile(r'^ *File "(?P<file>.*)", line (?P<line>\d+) in (?P<function>.*)$', re.MULTILINE)
THREAD = re.compile(r"^(?:Current t|T)hread 0x", re.MULTILINE)

T = TypeVar("T")


def seconds_of(step: str, patience: float) -> float:
    """How long a step may take where a question may take `patience`, s."""
    return LOAD_TIMES * patience if step in LOADS else patience


class Watch:
    """In the process that is watched: a step has its time from the moment it is announced."""

    def __init__(self, traces: int, notes: int, patience: float) -> None:
        """`traces` and `notes` are numbers of open files; `patience`: see `seconds_of`."""
        self._patience = patience
        self._traces = traces
        self._notes = notes

    def step(self, what: str) -> None:
        """Something else begins."""
        os.pwrite(self._notes, what.encode().ljust(LETTERS)[:LETTERS], 0)
        faulthandler.dump_traceback_later(seconds_of(what, self._patience), exit=True, file=self._traces)

    def over(self) -> None:
        """Nothing of the user's own is executed any more."""
        faulthandler.cancel_dump_traceback_later()

    def around(self, function: Callable[..., T], what: str) -> Callable[..., T]:
        """A function, each call of which is a step."""

        @wraps(function)
        def watched(*arguments: object) -> T:
            self.step(what)
            return function(*arguments)

        return watched


def note_of(notes: BinaryIO) -> str:
    """The last step that was announced."""
    notes.seek(0)
    return notes.read(LETTERS).decode(errors="replace").strip() or "the import"


def place_in(traces: BinaryIO, place: str, folder: Path) -> str | None:
    """Where a process was that its watch has ended: `my_buyer.py:7`; None, where it was not ended by its watch.

    `place` is the file that was to be checked as the user calls it, or a module.
    """
    traces.seek(0)
    text = traces.read().decode(errors="replace")
    if "Timeout" not in text:
        return None
    main = THREAD.split(text)[-1]
    frames = [(found["file"], int(found["line"])) for found in FRAME.finditer(main)]
    for file, line in frames:
        if name := own_name(file, place, folder):
            return f"{name}:{line}"
    return f"{Path(frames[0][0]).name}:{frames[0][1]}" if frames else ""


def own_name(file: str, place: str, folder: Path) -> str | None:
    """How the user calls a file of a traceback; None where it is none of the user's."""
    if place.endswith(".toml"):
        return beside(file, (folder / place).absolute().parent.resolve())
    if not place.endswith(".py"):
        module = place.replace(".", "/")
        return next(
            (name for name in (f"{module}.py", f"{module}/__init__.py") if file.endswith(f"/{name}")), None
        )
    path = locate(place, folder).absolute()
    for name in family_of(path, "").names:
        if as_traced((path.parent / name).resolve()) == file:
            return one_line((Path(called(place)).parent / name).as_posix())
    return None


def beside(file: str, folder: Path) -> str | None:
    """A file of a traceback that lies in a config's folder, as it is called from there."""
    start = f"{as_traced(folder)}/"
    return one_line(file.removeprefix(start)) if file.startswith(start) else None


def as_traced(path: Path) -> str:
    """A path as `faulthandler` writes it: in ASCII."""
    return str(path).encode("ascii", "backslashreplace").decode()
