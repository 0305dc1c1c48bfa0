"""Faults of a strategy, told one a line: those that are alike together, with their number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

SHOWN = 8
"""Lines of a report that spell out faults."""
NUMBER = re.compile(r"\d+")
BEGINS, ENDS = 30, 28
"""Letters of a text by which faults are alike, apart from numbers: what lies between is mostly a value."""


class Breach(NamedTuple):
    """What went wrong, where (`my_buyer.py:32`, or "" where the text says it), in which method, under which draw
    rule, and with which rounds where there are such."""

    place: str
    method: str
    draw: str
    text: str

    @property
    def kind(self) -> tuple[str, str, str]:
        """What faults have in common that are told together."""
        text = NUMBER.sub("#", self.text)
        return self.place, self.method, text if len(text) <= BEGINS + ENDS else text[:BEGINS] + text[-ENDS:]

    def __str__(self) -> str:
        place = f"{self.place} " if self.place else ""
        return f"{place}{self.text} (in {self.method}, draw = {self.draw})"


def lines_of(faults: Sequence[Breach]) -> tuple[str, ...]:
    """A line for each kind of fault, in the order of their first appearance."""
    kinds: dict[tuple[str, str, str], list[Breach]] = {}
    for fault in faults:
        kinds.setdefault(fault.kind, []).append(fault)
    lines = [told(alike) for alike in kinds.values()]
    if len(lines) > SHOWN:
        return (*lines[:SHOWN], f"… and {len(lines) - SHOWN:,} kinds of fault more")
    return tuple(lines)


def told(alike: list[Breach]) -> str:
    """The first of faults that are alike, and how many there are."""
    more = f"; {len(alike):,} times" if len(alike) > 1 else ""
    return f"{alike[0]}{more}"
