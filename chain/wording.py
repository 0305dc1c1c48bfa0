"""Words for what came from outside: whatever it is, one short line that can be written down and read again.

Equal runs must say the same, so that what every process has another of is left out: addresses in memory and
temporary paths.
"""

from __future__ import annotations

import os
import re
import shlex
import tempfile
from collections.abc import Iterable
from functools import cache
from reprlib import Repr
from typing import Any

from chain.interruption import CALLED, called, is_interruption, traceback_of
from chain.misplaced_names import plain_import
from chain.missing_files import remedy_of
from chain.missing_names import plain_attribute

MOST_LETTERS = 200
MOST_TOLD = 2 * MOST_LETTERS  # of an exception with its remedy
MOST_PARTS = 50  # of a list or a dictionary
NEVER = 2**64 - 1
DATES = frozenset({"block", "first_block", "last_block", "until"})
"""Fields of records that are `NEVER` where a ticket does not expire, or an order stands as long as it."""
ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]+")


def shown(value: object) -> str:
    """Any value for a message: its `repr` where it has one. Never raises."""
    try:
        return alike(_SHORT.repr(value))
    except BaseException as error:  # a number of thousands of digits, a class of the user's own
        if is_interruption(error):
            raise
        return f"<{kind_of(value)} that cannot be shown>"


def told(error: BaseException) -> str:
    """An exception for a message: where in a user's own file it came about, its type, the first line of its text,
    e.g. `my_buyer.py:32 KeyError: 3`, with the name that was meant, and of a file that was not there how to have
    it along. Never raises."""
    try:
        lines = str.__str__(str(error)).splitlines()
    except BaseException as other:
        if is_interruption(other):
            raise
        lines = ["<text that cannot be shown>"]
    text = ""
    if lines:
        text = plain_attribute(error, plain_import(error, lines[0]))
    for part in traceback_of(error):
        text = from_the_folder(part.tb_frame.f_globals, text)
    return alike(f"{place_of(error)}{kind_of(error)}: {text}") + one_line(remedy_of(error))


def place_of(error: BaseException) -> str:
    """`my_buyer.py:32 `: the last line of a user's own file that it came through; nothing where it came through
    none."""
    places = [f"{name}:{part.tb_lineno} " for part in traceback_of(error) if (name := called(part)) is not None]
    if places:
        return places[-1]
    return ""


def from_the_folder(module: dict[str, Any], text: str) -> str:
    """The text with paths into the folder of a user's own files as they are from there."""
    name, file = (dict.get(module, key) for key in (CALLED, "__file__"))
    if type(name) is str and type(file) is str and file.endswith(f"/{name}"):
        return text.replace(file.removesuffix(name), "")
    return text


def as_typed(path: object) -> str:
    """A path as a shell takes it, in quotes where it has spaces."""
    return shlex.quote(str(path))


def alternatives(words: Iterable[str]) -> str:
    """`a`, `b` and `c` as "a, b or c"."""
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


def kind_of(value: object) -> str:
    """The name of its class, whatever that has made of the attribute."""
    return one_line(_NAME.__get__(type(value)))


def alike(text: str, letters: int = MOST_LETTERS) -> str:
    """One line of a text, the same in every run: without addresses and temporary paths."""
    text = ADDRESS.sub("at 0x…", str.__str__(text))
    return one_line(temporary_path().sub("<temporary path>", text), letters)


def one_line(text: str, letters: int = MOST_LETTERS) -> str:
    """At most so many letters of a text, without line ends and what UTF-8 cannot hold."""
    text = str.__str__(text).replace("\n", " ")
    if len(text) > letters:
        text = text[: letters - 1] + "…"
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


@cache
def temporary_path() -> re.Pattern[str]:
    """A path into the folder of temporary files."""
    place = tempfile.gettempdir()
    places = "|".join(re.escape(folder) for folder in dict.fromkeys([place, os.path.realpath(place)]))
    return re.compile(rf"(?:{places})/[^\s'\",;:()<>]+")


class _Short(Repr):
    """`repr` to a certain depth: one that goes all the way down can end the process, where someone has raised the
    limit of recursion."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = 8
        self.maxtuple = self.maxlist = self.maxdict = self.maxset = MOST_PARTS
        self.maxstring = self.maxlong = MOST_LETTERS

    def repr1(self, x: Any, level: int) -> str:
        if isinstance(x, tuple) and hasattr(x, "_fields"):
            return self._repr_record(x, level)
        return super().repr1(x, level)

    def repr_instance(self, x: Any, level: int) -> str:  # noqa: ARG002
        return repr(x)

    def _repr_record(self, x: Any, level: int) -> str:
        fields = zip(x._fields, x, strict=True)
        texts = [f"{name}={self._repr_field(name, value, level)}" for name, value in fields]
        return f"{type(x).__name__}({', '.join(texts)})"

    def _repr_field(self, name: str, value: Any, level: int) -> str:
        if name in DATES and type(value) is int and value == NEVER:
            return "never"
        return self.repr1(value, level - 1)


_NAME: Any = type.__dict__["__name__"]
_SHORT = _Short()
