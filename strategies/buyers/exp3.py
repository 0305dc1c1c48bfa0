"""Learns its shading from what it earns, and keeps trying."""

from __future__ import annotations

from market.view import View
from strategies import bandits
from strategies.buyers.shading_learner import Round, ShadingLearner
from strategies.parameters import between
from strategies.setup import Setup


class Exp3(ShadingLearner):
    """Draws its shading by weights that grow with what it earned (Auer, Cesa-Bianchi, Freund and Schapire 2002):
    no regret in the long run, even against an adversary, from its own profit alone."""

    def __init__(
        self,
        arms: int = 11,
        lowest: float = 0.5,
        exploration: float = 0.1,
        scale: float = 0.05,
        discount_rate: float = 0.0,
    ) -> None:
        """`arms` shares of its value from `lowest` to 1; `exploration`: the share of tries at random (γ); `scale`:
        the profit, as a share of what is at stake, that counts as a gain of 1; `discount_rate` per block."""
        super().__init__(arms, lowest, discount_rate)
        self.exploration = between("exploration", exploration, 1e-6, 1)
        self.scale = between("scale", scale, 1e-6)

    def start(self, setup: Setup) -> None:
        super().start(setup)
        self.bandit = bandits.Exp3Bandit(len(self.shares), self.exploration)

    def choose(self) -> int:
        return self.bandit.choose(self.setup.rng)

    def learn(self, round: Round, view: View) -> None:
        self.bandit.learn(round.arm, self.gain(round, view) / self.scale)
