"""The most that anyone can make of a block."""

from __future__ import annotations

from market.cost_span import PIECE
from market.costs import CostPath, Costs, FixedCost


class BestUse:
    """Of the accounts with these costs. The least cost of those that make all of a reward, and whose costs do not
    wait for what happens, is found for many blocks at a time."""

    def __init__(self, costs: Costs) -> None:
        paths = [path for path in costs if path is not None]
        self._whole = [path for path in paths if isinstance(path, CostPath | FixedCost)]
        self._others = [path for path in paths if not isinstance(path, CostPath | FixedCost)]
        self._piece = -1
        self._least: list[int] = []

    def net(self, slot: int, reward: int) -> int:
        """max over θ of (R − θ)^+, or of what is captured of R, Gwei. Slots do not fall."""
        best = 0
        for path in self._others:
            best = max(best, path.gross(slot, reward) - path.cost(slot))
        if not self._whole:
            return best
        if slot // PIECE != self._piece:
            self._find_least(slot // PIECE)
        return max(best, reward - self._least[slot % PIECE])

    def _find_least(self, piece: int) -> None:
        self._piece = piece
        first = PIECE * piece
        costs = [path.between(first, first + PIECE - 1) for path in self._whole]
        self._least = list(map(min, zip(*costs, strict=True)))
