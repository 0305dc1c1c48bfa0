"""Learns its shading from what every shading would have earned."""

from __future__ import annotations

from market.view import View
from strategies import bandits
from strategies.buyers.shading_learner import Round, ShadingLearner
from strategies.parameters import between
from strategies.setup import Setup


class MultiplicativeWeights(ShadingLearner):
    """Draws its shading by weights that grow by e^(rate · gain), the gain of each shading against the public price
    (Freund and Schapire 1997; Han, Zhou and Weissman 2020 for what a bidder can know)."""

    def __init__(
        self,
        arms: int = 11,
        lowest: float = 0.5,
        rate: float = 0.3,
        exploration: float = 0.1,
        discount_rate: float = 0.0,
    ) -> None:
        """`arms` shares of its value from `lowest` to 1; `rate` of learning; `exploration`: the share of tries at
        random; `discount_rate` per block."""
        super().__init__(arms, lowest, discount_rate)
        self.rate = between("rate", rate, 0)
        self.exploration = between("exploration", exploration, 1e-6, 1)

    def start(self, setup: Setup) -> None:
        super().start(setup)
        self.bandit = bandits.HedgeBandit(len(self.shares), self.rate, self.exploration)

    def choose(self) -> int:
        return bandits.draw(self.bandit.chances, self.setup.rng)

    def learn(self, round: Round, view: View) -> None:
        gains = self.gains(round, view, self.bandit.chances)
        if gains is not None:
            self.bandit.learn(gains)
