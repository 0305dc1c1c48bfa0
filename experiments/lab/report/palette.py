"""Colours and marks: one for each structure, market and holder, the same in every figure.

They are told apart with any kind of colour vision, on white and on near black; marks, dashes or positions say the
same as colours.
"""

from __future__ import annotations

from typing import NamedTuple


class Structure(NamedTuple):
    """How a market structure is shown."""

    colour: str
    meaning: str
    dash: str
    symbol: str


STRUCTURES = {
    "pbs": Structure("#7d8894", "no tickets, blocks sold just in time", "dot", "circle"),
    "et": Structure("#6a5acd", "execution tickets", "solid", "diamond"),
    "et_expost": Structure("#d98e04", "tickets resold only after the draw", "dash", "square"),
}

BURNED = "#c4c4c4"
OTHERS = "#8c8c8c"

HOLDERS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#b8a900", "#7f6bb3")
"""One for each of the greatest holders."""


def faded(colour: str, opacity: float) -> str:
    """A colour `#rrggbb` that lets things behind it shine through."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
