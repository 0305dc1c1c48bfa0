"""Words for what came from outside: whatever it is, one short line that can be written down and read again.

Equal runs must say the same, so that an address in memory, which every process has another of, is left out.
"""

from __future__ import annotations

import re

MOST_LETTERS = 200
ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]+")


def shown(value: object) -> str:
    """Any value for a message: its `repr` where it has one. Never raises."""
    try:
        return one_line(repr(value))
    except Exception:  # a number of thousands of digits, a list within itself, a class of the user's own
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
