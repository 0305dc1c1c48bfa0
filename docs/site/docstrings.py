"""Docstrings of this project, plain sentences with `code`, as reStructuredText."""

from __future__ import annotations

import re

CODE = re.compile(r"`+([^`]+)`+")
SPECIAL = re.compile(r"(\*|\||(?<=\w)_(?!\w))")


def as_rst(lines: list[str]) -> list[str]:
    """Escaped but for code, which gets the two backticks that it has there."""
    text = "\n".join(lines)
    place, parts = 0, []
    for found in CODE.finditer(text):
        parts += [SPECIAL.sub(r"\\\1", text[place : found.start()]), f"``{found.group(1)}``"]
        place = found.end()
    return "".join([*parts, SPECIAL.sub(r"\\\1", text[place:])]).split("\n")


NOTHING = re.compile(r"Alias for field number \d+")
"""What Python says of a field of a named tuple."""


def process(_app: object, _what: str, _name: str, _found: object, _options: object, lines: list[str]) -> None:
    """The hook of autodoc, which changes the lines in their place."""
    lines[:] = as_rst([line for line in lines if not NOTHING.fullmatch(line)])
