"""How a check ends."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any, NamedTuple


class Verdict(NamedTuple):
    """Whether what was checked is sound, the report as text and as plain data. `warnings` are lines that stand
    beside a text that has them not."""

    passed: bool
    text: str
    data: dict[str, Any]
    warnings: Sequence[str] = ()

    def __str__(self) -> str:
        return "\n".join([self.text, *(f"warning: {warning}" for warning in self.warnings)])

    def __repr__(self) -> str:
        return f"Verdict({'sound' if self.passed else 'not sound'})"

    def _repr_html_(self) -> str:
        """The text, in a notebook."""
        return f"<pre>{escape(str(self))}</pre>"
