"""A reserve that is known beforehand, step by step."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from market.reserves.reserve_rule import ReserveRule
from market.reserves.reserve_view import ReserveView


class ReservePath(ReserveRule):
    """From a block on it is so many Gwei: `steps` are pairs of both, by block. The block of a sale is the next
    one, s + 1 at the end of slot s, and 0 at genesis; before the first step the config's reserve holds."""

    def __init__(self, steps: Sequence[tuple[int, int]]) -> None:
        self._blocks = [block for block, _ in steps]
        self._gwei = [gwei for _, gwei in steps]

    def reserve(self, view: ReserveView) -> int:
        step = bisect_right(self._blocks, view.slot + 1)
        return self._gwei[step - 1] if step else view.reserve_gwei
