"""What one knows who has a private signal of each round of blocks ahead: the log of what its blocks bring, Gwei,
+ σ z. Source: MODEL section 9, signals on a round, (i)."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from chain.rewards.ar1 import AR1
from chain.rewards.autoregression import Floats
from chain.rewards.drawn_rewards import RoundDraws, drawn_rounds, public_draws
from chain.rewards.informed import InformedOutlook
from chain.rewards.mevboost import MevBoost
from chain.rewards.outlook import Outlook
from chain.rewards.process import RewardProcess
from chain.rewards.reward_classes import Classes, IndependentLaw, in_classes, pairs_of, sum_in_classes

ONE = 256
"""Values that stand for the reward of a single block."""

FINEST, FINEST_DRAWN = 0.02, 0.25
"""Signals with less noise are weighed as if they had this, and what they tell is scaled to the signal: where
rewards are independent, and where they are drawn."""


MOST_DRAWN = 256
"""So many blocks ahead one has signals of rounds, where rewards have a memory."""


@dataclass(frozen=True, eq=False, slots=True)
class RoundLaw:
    """What a round, or what is left of one, brings by what is public: totals with what its blocks that are over
    brought, Gwei, their chances, and rewards of the blocks to come, shape (totals, blocks), or (totals, 1) where
    one stands for all."""

    totals: Floats
    chances: Floats
    rewards: Floats


@dataclass(frozen=True, slots=True)
class InformedOfRounds(InformedOutlook):
    """`signals` from the round of the next block on, of `size` blocks each; `past`: what the blocks of that round
    that are over have brought, Gwei."""

    size: int
    past: int

    def signal(self, block: int) -> float | None:
        """log V + σ z of the round in which a block to come lies, V what all its blocks bring, Gwei; None where
        one has none."""
        place = self._place(block)
        return self.signals[place] if block > self.block and place < len(self.signals) else None

    def alike(self, block: int) -> tuple[Outlook, int]:
        return self, block

    def rest_of(self, block: int) -> range:
        """The blocks that are left of a block's round."""
        first = block - block % self.size
        return range(max(first, self.block + 1), first + self.size)

    def past_of(self, block: int) -> int:
        """What its blocks that are over have brought, Gwei."""
        return 0 if self._place(block) else self.past

    @abstractmethod
    def law(self, block: int) -> RoundLaw:
        """That of the rest of a block's round, by what is public."""

    def _place(self, block: int) -> int:
        return block // self.size - (self.block + 1) // self.size

    def _mean(self, block: int) -> float:
        if self._place(block) >= len(self.signals):
            return self.public.expected_reward(block)
        rewards, chances = self._given(block)
        return float(rewards @ chances)

    def _surplus(self, block: int, cost_gwei: float) -> float:
        if self._place(block) >= len(self.signals):
            return self.public.expected_surplus(block, cost_gwei)
        rewards, chances = self._given(block)
        return float(np.maximum(rewards - cost_gwei, 0.0) @ chances)

    @abstractmethod
    def _given(self, block: int) -> Classes:
        """The law of a block's reward given all signals."""


@dataclass(frozen=True, slots=True)
class InformedOfAlikes(InformedOfRounds):
    """Rewards are independent draws of one law: each round by its own signal, each block of it alike."""

    reward: IndependentLaw

    def alike(self, block: int) -> tuple[Outlook, int]:
        if block > self.block and self._place(block) < len(self.signals):
            return self, self.rest_of(block).start
        return self, block

    def law(self, block: int) -> RoundLaw:
        return round_of_alikes(self.reward, len(self.rest_of(block)), self.past_of(block))

    def _given(self, block: int) -> Classes:
        signal = self.signals[self._place(block)]
        return one_given(self.reward, len(self.rest_of(block)), self.past_of(block), self.noise, signal)


@dataclass(frozen=True, slots=True)
class InformedOfDrawn(InformedOfRounds):
    """Rewards with a memory: all signals tell of every block."""

    def law(self, block: int) -> RoundLaw:
        return round_of_draws(self.public, self.rest_of(block), self.past_of(block))

    def _given(self, block: int) -> Classes:
        first = self.block + 1
        rewards, chances = self.draws()
        found = Classes(rewards[:, block - first], chances)
        if self.noise >= FINEST_DRAWN:
            return found
        rest = self.rest_of(block)
        total = float(chances @ rewards[:, rest.start - first : rest.stop - first].sum(axis=1))
        return scaled(found, total, self.signals[self._place(block)], self.past_of(block))

    def draws(self) -> RoundDraws:
        """Of all blocks of which there are signals."""
        noise = max(self.noise, FINEST_DRAWN)
        return drawn_rounds(self.public, self.size, self.past, noise, self.signals)


@lru_cache(maxsize=64)
def one_of(law: IndependentLaw) -> Classes:
    """The reward of one block, in few values."""
    return in_classes(*sum_in_classes(law, 1), ONE)


@lru_cache(maxsize=64)
def round_of_alikes(law: IndependentLaw, left: int, past: int) -> RoundLaw:
    """Of `left` blocks, after others that brought `past`."""
    one, others = one_of(law), sum_in_classes(law, left - 1)
    totals, chances = pairs_of(one, others)
    return RoundLaw(past + totals, chances, np.repeat(one.values, others.values.size)[:, None])


@lru_cache(maxsize=8)
def round_of_draws(public: Outlook, blocks: range, past: int) -> RoundLaw:
    """Of blocks by a public outlook, after others that brought `past`."""
    first = public.block + 1
    rewards = public_draws(public, blocks.stop - first)[:, blocks.start - first :]
    return RoundLaw(past + rewards.sum(axis=1), np.full(len(rewards), 1 / len(rewards)), rewards)


@lru_cache(maxsize=1024)
def one_given(law: IndependentLaw, left: int, past: int, noise: float, signal: float) -> Classes:
    """The reward of one of `left` blocks given the signal of their round."""
    one, others = one_of(law), sum_in_classes(law, left - 1)
    logs = np.log(np.maximum(past + one.values[:, None] + others.values, 1e-12))
    exponents = -(((signal - logs) / max(noise, FINEST)) ** 2) / 2
    likely = np.exp(exponents - exponents.max()) @ others.chances
    chances = one.chances * likely
    found = Classes(one.values, chances / chances.sum())
    if noise >= FINEST:
        return found
    return scaled(found, left * float(found.values @ found.chances), signal, past)


def scaled(found: Classes, total: float, signal: float, past: int) -> Classes:
    """The same where a signal tells the round's total as good as exactly, and what is left of it was expected to
    bring `total`."""
    return Classes(found.values * max(np.exp(signal) - past, 0.0) / max(total, 1e-12), found.chances)


class RoundSignals:
    """What signals of the rounds of a process are about."""

    def __init__(self, process: RewardProcess, size: int) -> None:
        self._process = process
        self.size = size
        self.most = MOST_DRAWN // size if isinstance(process, AR1 | MevBoost) else None

    def score(self, total_gwei: int) -> float:
        """log V."""
        return float(np.log(max(total_gwei, 1)))

    def informed(self, public: Outlook, noise: float, signals: Floats, past: int) -> InformedOutlook:
        """What one knows who has `signals` of the rounds from that of the next block on."""
        known = (public.block, public.reward_gwei, public, noise, tuple(signals.tolist()), self.size, past)
        if isinstance(self._process, AR1 | MevBoost):
            return InformedOfDrawn(*known)
        assert isinstance(self._process, IndependentLaw)
        return InformedOfAlikes(*known, self._process)
