"""What a draw rule of the user's own answers, as Python has numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from chain.state import Draw, State


class PlainSerial:
    """The same draw, whose answer is one of Python's numbers where it is one of numpy's: those of the urn are."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw

    def __call__(self, state: State, block: int) -> int | None:
        """The serial that was drawn, or whatever else the draw answers."""
        found: Any = self._draw(state, block)
        return int(found) if isinstance(found, np.integer) else found
