"""Actions: the share of its value that a pupil bids."""

from __future__ import annotations

from typing import Any

import numpy as np
from gymnasium.spaces import Box, Discrete, Space

from experiments.lab.config.errors import InputError


class Shares:
    """Shares in [0, 1]: any, or `levels` of them, 0 … 1. Raises `InputError` for fewer than 2 levels."""

    def __init__(self, levels: int | None) -> None:
        if levels is not None and levels < 2:
            raise InputError(f"levels is {levels}; it must be at least 2, or None for any share")
        self._levels = levels

    def space(self) -> Space[Any]:
        """A space of its own for each learner, as each samples for itself."""
        if self._levels is None:
            return Box(0.0, 1.0, (1,), np.float32)
        return Discrete(self._levels)

    def share(self, action: Any) -> float:
        """What an action stands for. Raises `InputError` for one outside the space."""
        found = number(action)
        if self._levels is None:
            if not 0 <= found <= 1:  # NaN is not
                raise InputError(f"action is {shown(action)}; give a share from 0 to 1")
            return found
        if not (0 <= found < self._levels and found.is_integer()):
            raise InputError(f"action is {shown(action)}; give one of the levels 0 … {self._levels - 1}")
        return found / (self._levels - 1)


def number(action: Any) -> float:
    """The one number of an action, alone or in a list or an array; NaN where it is none."""
    array = np.asarray(action)
    if array.size != 1 or array.dtype.kind not in "iuf":
        return float("nan")
    return float(array.item())


def shown(action: Any) -> str:
    """An action in an error: at most 60 letters."""
    text = " ".join(repr(action).split())
    if len(text) <= 60:
        return text
    return f"{text[:59]}…"
