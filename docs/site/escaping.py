"""Text of the code as Markdown: escaped outside of its backticks; and tables of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

CODE = re.compile(r"(`[^`]+`)")
SPECIAL = re.compile(r"([\\*_$<>\[\]|~#])")


def escaped(text: str) -> str:
    """What would be markup is not, but for `code`."""
    parts = CODE.split(" ".join(text.split()))
    return "".join(
        part.replace("|", r"\|") if part.startswith("`") else SPECIAL.sub(r"\\\1", part) for part in parts
    )


def code(text: str) -> str:
    """A name or a value, or nothing."""
    return f"`{text}`".replace("|", r"\|") if text else ""


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are Markdown already, which a phone shows as a list."""
    lines = [header, ["---"] * len(header), *rows]
    body = "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
    return f"````{{container}} listed\n{body}\n````\n"
