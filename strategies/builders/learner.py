"""Learns from its own auctions how much of the value to keep."""

from __future__ import annotations

import numpy as np

from market.slot_auction import Bids, Post, SlotAuctionResult
from strategies.margin import Margin
from strategies.parameters import between
from strategies.slot_bidding import SlotBuilder, from_then, last_moment

SHARES = (0.01, 0.03, 0.1, 0.2, 0.3, 0.5)


class Learner(SlotBuilder):
    """Keeps one of six shares of the value in each auction: mostly the one that earned most on average so far,
    with probability `explore` any (an ε-greedy bandit; Sutton and Barto 2018, chapter 2). At the last moment, so
    that nobody learns from it."""

    def __init__(self, explore: float = 0.1, epsilon_ms: int = 0) -> None:
        super().__init__(margin=0.0)
        self._explore = between("explore", explore, 0, 1)
        self._epsilon = int(between("epsilon_ms", epsilon_ms, 0))
        self._tries = [0] * len(SHARES)
        self._means = [0.0] * len(SHARES)
        self._arm: int | None = None

    @property
    def favourite(self) -> float:
        """The share of the value that has earned most."""
        return SHARES[int(np.argmax(self._means))]

    def schedule(self, post: Post) -> Bids:
        self._arm = self._choose(post.rng)
        return from_then(post, Margin(SHARES[self._arm]), last_moment(post, self._epsilon))

    def learn(self, result: SlotAuctionResult, won: bool, profit: int) -> None:  # noqa: ARG002
        if self._arm is not None:
            self._tries[self._arm] += 1
            self._means[self._arm] += (profit - self._means[self._arm]) / self._tries[self._arm]

    def _choose(self, rng: np.random.Generator) -> int:
        untried = [arm for arm, tries in enumerate(self._tries) if not tries]
        if untried:
            return untried[0]
        if rng.random() < self._explore:
            return int(rng.integers(len(SHARES)))
        return int(np.argmax(self._means))
