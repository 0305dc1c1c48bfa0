"""The outlooks of those who have private signals of rewards."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from chain.rewards import Outlook, RewardPath
from chain.rewards.autoregression import Floats
from chain.rewards.reward_signals import RewardSignals

CHUNK = 1024


class Noise:
    """One account's z of block 0, 1, …, whichever of them it is asked for."""

    def __init__(self, sd: float, rng: np.random.Generator) -> None:
        self.sd = sd
        self._rng = rng
        self._start = 0
        self._kept = np.empty(0)

    def between(self, first: int, count: int) -> Floats:
        """z of `count` blocks from `first` on, which is not before that of an earlier call."""
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


class OwnOutlooks:
    """Gives every account the outlook that its signals make of the public one.

    `ahead` is a path of the same rewards as the run's, which is read before they are public, and never handed out;
    `horizon`: how many blocks ahead of the present one there are signals. `noises` by account.
    """

    def __init__(
        self, about: RewardSignals[Any], ahead: RewardPath, horizon: int, noises: Mapping[int, Noise]
    ) -> None:
        self._about = about
        self._ahead = ahead
        self._horizon = horizon if about.most is None else min(horizon, about.most)
        self._noises = noises
        self._scores: deque[float] = deque()
        self._first = 0  # the block of the first score that is kept
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
