"""Learners over a few arms: what to try next, and what to make of what it brought. Gains lie near [0, 1]."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


class Exp3Bandit:
    """Weights that grow with gain over chance, mixed with uniform tries (Auer, Cesa-Bianchi, Freund and Schapire
    2002, algorithm Exp3). Knows nothing but the gain of the arm it tried."""

    def __init__(self, arms: int, exploration: float) -> None:
        """`exploration` is γ in (0, 1]."""
        self.exploration = exploration
        self.scores = np.zeros(arms)

    @property
    def chances(self) -> Array:
        """With what chance each arm is tried; shape (arms,)."""
        return explored(softmax(self.scores), self.exploration)

    def choose(self, rng: np.random.Generator) -> int:
        """The arm to try."""
        return draw(self.chances, rng)

    def learn(self, arm: int, gain: float) -> None:
        """What the arm brought."""
        self.scores[arm] += self.exploration * gain / self.chances[arm] / len(self.scores)


class UcbBandit:
    """The arm with the greatest mean + width √(2 ln t / tries) (Auer, Cesa-Bianchi and Fischer 2002, UCB1)."""

    def __init__(self, arms: int, width: float) -> None:
        self.width = width
        self.totals = np.zeros(arms)
        self.tries = np.zeros(arms)

    def choose(self) -> int:
        """The arm to try; each of them once at first, from the last one down."""
        if not self.tries.all():
            return int(np.flatnonzero(self.tries == 0)[-1])
        doubt = np.sqrt(2 * math.log(self.tries.sum()) / self.tries)
        return int(np.argmax(self.totals / self.tries + self.width * doubt))

    def learn(self, arm: int, gain: float) -> None:
        """What the arm brought."""
        self.totals[arm] += gain
        self.tries[arm] += 1


class HedgeBandit:
    """Weights that grow by e^(rate · gain) (Freund and Schapire 1997, Hedge). Told the gain of every arm."""

    def __init__(self, arms: int, rate: float, exploration: float) -> None:
        self.rate = rate
        self.exploration = exploration
        self.scores = np.zeros(arms)

    @property
    def chances(self) -> Array:
        """With what chance each arm is tried; shape (arms,)."""
        return explored(softmax(self.scores), self.exploration)

    def learn(self, gains: Array) -> None:
        """What each arm would have brought; shape (arms,)."""
        self.scores += self.rate * gains


class RegretBandit:
    """Chances that are proportional to the regret of not having played an arm (Hart and Mas-Colell 2000)."""

    def __init__(self, arms: int, exploration: float) -> None:
        self.exploration = exploration
        self.regrets = np.zeros(arms)

    @property
    def chances(self) -> Array:
        """With what chance each arm is tried; shape (arms,)."""
        felt = np.maximum(self.regrets, 0)
        even = np.full(len(felt), 1 / len(felt))
        chances = even
        if felt.any():
            chances = felt / felt.sum()
        return explored(chances, self.exploration)

    def learn(self, gains: Array) -> None:
        """What each arm would have brought; shape (arms,)."""
        self.regrets += gains - self.chances @ gains


def one_sided(gains: Array, arm: int, chances: Array) -> Array:
    """Unbiased estimates of the gains of all arms, where one learns those of the arm played and the ones after it.

    A gain counts where it is known, over the chance of that. Source: Han, Zhou and Weissman (2020), repeated
    first-price auctions, on censored feedback.
    """
    known = np.arange(len(gains)) >= arm
    return np.where(known, gains / np.cumsum(chances), 0.0)


def softmax(scores: Array) -> Array:
    """Chances that are proportional to e^score."""
    weights = np.exp(scores - scores.max())
    return np.asarray(weights / weights.sum())


def explored(chances: Array, share: float) -> Array:
    """Chances of which a share goes to all arms alike."""
    return (1 - share) * chances + share / len(chances)


def draw(chances: Array, rng: np.random.Generator) -> int:
    """An arm drawn by its chance."""
    return min(int(np.searchsorted(np.cumsum(chances), rng.random(), side="right")), len(chances) - 1)
