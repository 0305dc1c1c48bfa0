"""How a check ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple


class Verdict(NamedTuple):
    """Whether what was checked is sound, the report as text and as plain data. `warnings` are lines that stand
    beside a text that has them not."""

    passed: bool
    text: str
    data: dict[str, Any]
    warnings: Sequence[str] = ()
