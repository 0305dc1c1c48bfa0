"""Words for what came from outside: whatever it is, one short line that can be written down and read again.

Equal runs must say the same, so that an address in memory, which every process has another of, is left out.
"""

from __future__ import annotations

import re
from reprlib import Repr
from typing import Any

MOST_LETTERS = 200
MOST_PARTS = 50  # of a list or a dictionary
ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]+")


def shown(value: object) -> str:
    """Any value for a message: its `repr` where it has one. Never raises."""
    try:
        return one_line(_SHORT.repr(value))
    except Exception:  # a number of thousands of digits, a class of the user's own
        return f"<{kind_of(value)} that cannot be shown>"


def told(error: BaseException) -> str:
    """An exception for a message: its type and the first line of its text. Never raises."""
    kind = kind_of(error)
    try:
        lines = str(error).splitlines()
    except Exception:
        return f"{kind}: <text that cannot be shown>"
    return one_line(f"{kind}: {lines[0] if lines else ''}")


def kind_of(value: object) -> str:
    """The name of its class."""
    return one_line(type(value).__name__)


def one_line(text: str) -> str:
    """At most `MOST_LETTERS` of a text, without addresses and without what UTF-8 cannot hold."""
    text = ADDRESS.sub("at 0x…", text.replace("\n", " "))
    if len(text) > MOST_LETTERS:
        text = text[: MOST_LETTERS - 1] + "…"
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


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
        fields = (f"{name}={self.repr1(value, level - 1)}" for name, value in zip(x._fields, x, strict=True))
        return f"{type(x).__name__}({', '.join(fields)})"


_SHORT = _Short()
