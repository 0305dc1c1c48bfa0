"""The outlooks of those who have private signals of rewards."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from chain.rewards import Outlook, RewardPath
from chain.rewards.autoregression import Floats
from chain.rewards.reward_signals import RewardSignals
from chain.rewards.round_signals import RoundSignals

CHUNK = 1024


class Noise:
    """One account's z of block 0, 1, …, or of rounds, whichever of them it is asked for."""

    def __init__(self, sd: float, rng: np.random.Generator) -> None:
        self.sd = sd
        self._rng = rng
        self._start = 0
        self._kept = np.empty(0)

    def between(self, first: int, count: int) -> Floats:
        """z of `count` of them from `first` on, which is not before that of an earlier call."""
        while first + count > self._start + self._kept.size:
            self._kept = np.concatenate([self._kept, self._rng.standard_normal(CHUNK)])
        gone = (first - self._start) // CHUNK * CHUNK
        self._kept = self._kept[gone:]
        self._start += gone
        return self._kept[first - self._start :][:count]


class Ahead(NamedTuple):
    """What is made for one account of a public outlook."""

    public: Outlook
    own: Outlook


class OwnOutlooks(ABC):
    """Gives every account the outlook that its signals make of the public one. `noises` by account."""

    def __init__(self, noises: Mapping[int, Noise]) -> None:
        self._noises = noises
        self._made: dict[int, Ahead] = {}

    def outlook(self, account: int, public: Outlook) -> Outlook | None:
        """The account's own; None where it has no signals."""
        noise = self._noises.get(account)
        if noise is None:
            return None
        made = self._made.get(account)
        if made is None or made.public is not public:
            made = self._made[account] = Ahead(public, self._informed(noise, public))
        return made.own

    @abstractmethod
    def _informed(self, noise: Noise, public: Outlook) -> Outlook:
        """What one knows who has signals with this noise."""


class BlockOutlooks(OwnOutlooks):
    """Of those who have a signal of each block.

    `ahead` is a path of the same rewards as the run's, which is read before they are public, and never handed out;
    `horizon`: how many blocks ahead of the present one there are signals.
    """

    def __init__(
        self, about: RewardSignals[Any], ahead: RewardPath, horizon: int, noises: Mapping[int, Noise]
    ) -> None:
        super().__init__(noises)
        self._about = about
        self._ahead = ahead
        self._horizon = horizon if about.most is None else min(horizon, about.most)
        self._scores: deque[float] = deque()
        self._first = 0  # the block of the first score that is kept

    def _informed(self, noise: Noise, public: Outlook) -> Outlook:
        first = public.block + 1
        scores = self._between(first, max(public.block, 0) + self._horizon)
        signals = scores + noise.sd * noise.between(first, scores.size)
        return self._about.informed(public, noise.sd, signals)

    def _between(self, first: int, last: int) -> Floats:
        """The scores of blocks `first … last`."""
        while self._first + len(self._scores) <= last:
            self._ahead.advance()
            self._scores.append(self._about.score(self._ahead.outlook()))
        while self._first < first:
            self._scores.popleft()
            self._first += 1
        return np.array(self._scores)[: last - first + 1]


class RoundOutlooks(OwnOutlooks):
    """Of those who have a signal of each round of blocks: of what all its blocks bring.

    `ahead` as above; `rounds`: how many rounds ahead of the present one there are signals.
    """

    def __init__(self, about: RoundSignals, ahead: RewardPath, rounds: int, noises: Mapping[int, Noise]) -> None:
        super().__init__(noises)
        self._about = about
        self._ahead = ahead
        self._ahead_of = rounds if about.most is None else min(rounds, about.most)
        self._rewards: deque[list[int]] = deque()
        self._first = 0  # the round of the first rewards that are kept

    def _informed(self, noise: Noise, public: Outlook) -> Outlook:
        size = self._about.size
        first, begun = divmod(public.block + 1, size)
        rounds = self._between(first, max(max(public.block, 0) // size + self._ahead_of, first))
        scores = np.array([self._about.score(sum(rewards)) for rewards in rounds])
        signals = scores + noise.sd * noise.between(first, scores.size)
        return self._about.informed(public, noise.sd, signals, sum(rounds[0][:begun]))

    def _between(self, first: int, last: int) -> list[list[int]]:
        """The rewards of rounds `first … last`."""
        while self._first + len(self._rewards) <= last:
            self._rewards.append([self._ahead.advance() for _ in range(self._about.size)])
        while self._first < first:
            self._rewards.popleft()
            self._first += 1
        return list(islice(self._rewards, last - first + 1))


class EachOutlooks:
    """Some have signals of the one kind, some of the other. `parts`: no two have one of the same account."""

    def __init__(self, parts: Sequence[OwnOutlooks]) -> None:
        self._parts = tuple(parts)

    def outlook(self, account: int, public: Outlook) -> Outlook | None:
        """The account's own; None where it has no signals."""
        for part in self._parts:
            own = part.outlook(account, public)
            if own is not None:
                return own
        return None
