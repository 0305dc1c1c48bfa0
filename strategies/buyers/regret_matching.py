"""Plays what it regrets not having played."""

from __future__ import annotations

from market.view import View
from strategies import bandits
from strategies.buyers.shading_learner import Round, ShadingLearner
from strategies.parameters import between
from strategies.setup import Setup


class RegretMatching(ShadingLearner):
    """Draws each shading in proportion to the regret of not having played it (Hart and Mas-Colell 2000; Han, Zhou
    and Weissman 2020 for what a bidder can know)."""

    def __init__(
        self, arms: int = 11, lowest: float = 0.5, exploration: float = 0.1, discount_rate: float = 0.0
    ) -> None:
        """`arms` shares of its value from `lowest` to 1; `exploration`: the share of tries at random;
        `discount_rate` per block."""
        super().__init__(arms, lowest, discount_rate)
        self.exploration = between("exploration", exploration, 1e-6, 1)

    def start(self, setup: Setup) -> None:
        super().start(setup)
        self.bandit = bandits.RegretBandit(len(self.shares), self.exploration)

    def choose(self) -> int:
        return bandits.draw(self.bandit.chances, self.setup.rng)

    def learn(self, round: Round, view: View) -> None:
        gains = self.gains(round, view, self.bandit.chances)
        if gains is not None:
            self.bandit.learn(gains)
