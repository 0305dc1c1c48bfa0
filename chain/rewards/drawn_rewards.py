"""Draws of the rewards of blocks to come where these have a memory: by what is public, and given a signal of each
round of them.

Rewards are a function of normal scores. Given signals the scores are not normal. Half of them are drawn by what is
public, half from the normal law that lies closest at the most likely point (Laplace's), and all are weighed by how
much likelier they are than they were to be drawn. The draws are even ones, the same for all. Source: Owen (2013),
Monte Carlo theory, methods and examples, chapter 9.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from chain.rewards.ar1 import AR1Outlook
from chain.rewards.autoregression import Floats
from chain.rewards.mevboost import MevBoostOutlook, covariance_ahead, gwei_at, known_by, scores_ahead
from chain.rewards.outlook import Outlook
from chain.rewards.reward_signals import autoregressive_covariance

DRAWS = 2**14
STEPS = 12
"""By so many the most likely point is looked for."""

PARTS = np.append(0.5 ** np.arange(6), 0.0)
"""Of a step that are tried."""

_SLOPE = 1e-4
"""Of a score: the step by which slopes are taken."""


class RoundDraws(NamedTuple):
    """Rewards of the blocks to come, Gwei, shape (draws, blocks), and the chance of each draw."""

    rewards: Floats
    chances: Floats


class Scores(NamedTuple):
    """What is public of the scores of blocks to come: means, a root of the covariance; the reward at each."""

    means: Floats
    root: Floats
    reward: Callable[[Floats], Floats]

    def rewards(self, shocks: Floats) -> Floats:
        """At standard normal shocks, shape (…, blocks)."""
        return self.reward(self.means + shocks @ self.root.T)


@lru_cache(maxsize=16)
def scores_of(public: Outlook, count: int) -> Scores:
    """Of the `count` blocks after a public outlook's."""
    if isinstance(public, AR1Outlook):
        steps = range(public.block + 1 - public.since, public.block + 1 - public.since + count)
        means = np.array([public.law.ahead(public.x, step)[0] for step in steps])
        return Scores(means, root_of(autoregressive_covariance(public.law, steps.start, count)), np.exp)
    assert isinstance(public, MevBoostOutlook)
    root = root_of(covariance_ahead(known_by(public), count))
    return Scores(scores_ahead(public, count), root, lambda scores: gwei_at(public.period, public.scale, scores))


def root_of(covariance: Floats) -> Floats:
    """A root of a covariance in which some scores may be certain."""
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)))


@lru_cache(maxsize=16)
def even_draws(count: int) -> Floats:
    """Standard normal ones, shape (draws, `count`). Source: Sobol (1967), scrambled by a fixed seed."""
    from scipy import special
    from scipy.stats import qmc

    return np.asarray(special.ndtri(np.clip(qmc.Sobol(count, seed=0).random(DRAWS), 1e-12, 1 - 1e-12)))


@lru_cache(maxsize=8)
def public_draws(public: Outlook, count: int) -> Floats:
    """Rewards of the `count` blocks after a public outlook's, Gwei."""
    return scores_of(public, count).rewards(even_draws(count))


@lru_cache(maxsize=8)
def drawn_rounds(public: Outlook, size: int, past: int, noise: float, signals: tuple[float, ...]) -> RoundDraws:
    """Given a signal of each of the next rounds; blocks of the first that are over brought `past`, Gwei."""
    first = public.block + 1
    count = (first // size + len(signals)) * size - first
    given = Given(scores_of(public, count), first % size, size, past, noise, np.array(signals))
    close = Nearby(*given.likeliest())
    even = even_draws(count)
    shocks = np.concatenate([even[: DRAWS // 2], close.shocks(even[DRAWS // 2 :])])
    rewards = given.scores.rewards(shocks)
    drawn_by = np.logaddexp(-np.square(shocks).sum(axis=1) / 2, close.log_density(shocks))
    weight = given.log_chance(shocks, rewards) - drawn_by
    chances = np.exp(weight - weight.max())
    return RoundDraws(rewards, chances / chances.sum())


class Nearby:
    """The normal law of shocks that lies closest to theirs at the most likely point; `pull` are slopes there."""

    def __init__(self, middle: Floats, pull: Floats) -> None:
        self._middle = middle
        bends, self._axes = np.linalg.eigh(np.eye(middle.size) + pull.T @ pull)
        self._stretch = np.sqrt(bends)

    def shocks(self, normal: Floats) -> Floats:
        """As drawn by standard normal ones, shape (draws, blocks)."""
        return np.asarray(self._middle + (normal / self._stretch) @ self._axes.T)

    def log_density(self, shocks: Floats) -> Floats:
        """In units of the standard normal one at its middle."""
        off = ((shocks - self._middle) @ self._axes) * self._stretch
        return np.asarray(np.log(self._stretch).sum() - np.square(off).sum(axis=1) / 2)


class Given(NamedTuple):
    """Shocks of scores given signals. `begun` blocks of the first round are over."""

    scores: Scores
    begun: int
    size: int
    past: int
    noise: float
    signals: Floats

    def logs(self, rewards: Floats) -> Floats:
        """log V of each round, shape (…, rounds), rewards with shape (…, blocks)."""
        starts = np.maximum(np.arange(self.signals.size) * self.size - self.begun, 0)
        totals = np.add.reduceat(rewards, starts, axis=-1)
        totals[..., 0] += self.past
        return np.asarray(np.log(np.maximum(totals, 1e-12)))

    def log_chance(self, shocks: Floats, rewards: Floats) -> Floats:
        """The log density of shocks given the signals, but for a constant."""
        off = (self.signals - self.logs(rewards)) / self.noise
        return np.asarray(-(np.square(shocks).sum(axis=-1) + np.square(off).sum(axis=-1)) / 2)

    def at(self, shocks: Floats) -> Floats:
        """log V of each round at shocks, in noises."""
        return self.logs(self.scores.rewards(shocks)) / self.noise

    def pull(self, shocks: Floats) -> Floats:
        """The slopes of the same, shape (rounds, blocks)."""
        return np.asarray((self.at(shocks + _SLOPE * np.eye(shocks.size)) - self.at(shocks)).T / _SLOPE)

    def likeliest(self) -> tuple[Floats, Floats]:
        """Where the density is highest, and the slopes there, by Gauss and Newton's steps."""
        shocks = np.zeros(self.scores.means.size)
        for _ in range(STEPS):
            shocks = self.nearer(shocks)
        return shocks, self.pull(shocks)

    def nearer(self, shocks: Floats) -> Floats:
        """One step, or as small a part of it as makes it more likely."""
        pull = self.pull(shocks)
        off = self.signals / self.noise - self.at(shocks) + pull @ shocks
        aim = pull.T @ np.linalg.solve(pull @ pull.T + np.eye(off.size), off)
        tried = shocks + PARTS[:, None] * (aim - shocks)
        return np.asarray(tried[self.log_chance(tried, self.scores.rewards(tried)).argmax()])
