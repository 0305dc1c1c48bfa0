"""Learns its shading with optimism."""

from __future__ import annotations

from market.view import View
from strategies import bandits
from strategies.buyers.shading_learner import Round, ShadingLearner
from strategies.parameters import between
from strategies.setup import Setup


class Ucb(ShadingLearner):
    """Plays the shading with the greatest upper confidence bound on its mean profit (Auer, Cesa-Bianchi and
    Fischer 2002, UCB1)."""

    def __init__(
        self, arms: int = 11, lowest: float = 0.5, width: float = 0.05, discount_rate: float = 0.0
    ) -> None:
        """`arms` shares of its value from `lowest` to 1; `width` of the confidence bounds, 1 in UCB1 for gains
        that fill [0, 1]; `discount_rate` per block."""
        super().__init__(arms, lowest, discount_rate)
        self.width = between("width", width, 0)

    def start(self, setup: Setup) -> None:
        super().start(setup)
        self.bandit = bandits.UcbBandit(len(self.shares), self.width)

    def choose(self) -> int:
        return self.bandit.choose()

    def learn(self, round: Round, view: View) -> None:
        self.bandit.learn(round.arm, self.gain(round, view))
