"""What everyone may know, after a block, of the rewards of this block and of later ones."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chain.near_names import tells_near


@tells_near()
@dataclass(frozen=True, slots=True)
class Outlook(ABC):
    """The public's knowledge once `block` is revealed: values only, so that there is nothing to peek at.

    `block` is -1 before block 0 opens; `reward_gwei` is the reward of `block` in Gwei, None at -1.
    """

    block: int
    reward_gwei: int | None

    def expected_reward(self, block: int) -> float:
        """`E[R_block]` in Gwei, exact for the revealed block. Raises `ValueError` for an earlier one."""
        if block > self.block:
            return self._mean(block)
        return float(self._revealed(block))

    def expected_surplus(self, block: int, cost_gwei: float) -> float:
        """`E[max(R_block - cost_gwei, 0)]` in Gwei. Raises `ValueError` for an earlier block."""
        if block > self.block:
            return self._surplus(block, cost_gwei)
        reward = self.reward_gwei if block == self.block else None  # as is most often asked, by who builds it
        left = (self._revealed(block) if reward is None else reward) - cost_gwei
        return left if left > 0 else 0.0

    def expected_surpluses(self, block: int, costs_gwei: Sequence[float]) -> list[float]:
        """`expected_surplus` over each of some costs, Gwei."""
        if block > self.block:
            return self._surpluses(block, costs_gwei)
        return [self.expected_surplus(block, cost) for cost in costs_gwei]

    def total_surplus(self, first: int, costs_gwei: Iterable[float]) -> float:
        """The sum of `expected_surplus` over the blocks from `first` on, each over its own cost, Gwei."""
        total = 0.0
        for block, cost in enumerate(costs_gwei, first):
            total += self.expected_surplus(block, cost)
        return total

    def expected_rewards(self, blocks: Iterable[int]) -> float:
        """The sum of `expected_reward` over blocks, as of a round or of what is left of one, Gwei."""
        return sum(map(self.expected_reward, blocks), 0.0)

    def alike(self, block: int) -> tuple[Outlook, int]:
        """An outlook, and a block, of which it expects what this one does of `block`: the same ones as often as
        may be, so that what was worked out of them is found again."""
        return self, block

    def _revealed(self, block: int) -> int:
        if block != self.block or self.reward_gwei is None:
            first = max(self.block, 0)
            raise ValueError(f"block {block} is past; this outlook reaches from block {first} onwards")
        return self.reward_gwei

    @abstractmethod
    def _mean(self, block: int) -> float:
        """The expected reward of a `block` to come."""

    @abstractmethod
    def _surplus(self, block: int, cost_gwei: float) -> float:
        """The expected surplus over `cost_gwei` of a `block` to come."""

    def _surpluses(self, block: int, costs_gwei: Sequence[float]) -> list[float]:
        """The same over each of some costs. Where a law has them in one go, it overrides this."""
        return [self._surplus(block, cost) for cost in costs_gwei]
