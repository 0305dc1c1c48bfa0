"""The sale of a right whose worth rises in a score that its bidders have signals of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import NamedTuple

import numpy as np

from chain.rewards.ar1 import AR1Law, AR1Outlook
from chain.rewards.exponential import Exponential
from chain.rewards.informed import (
    InformedByDraws,
    InformedByLog,
    InformedByNormal,
    InformedByScore,
    InformedOutlook,
    drawn,
)
from chain.rewards.lognormal import lognormal_mean
from chain.rewards.mevboost import Known, MevBoostOutlook, covariance_ahead, gwei_at, known_by
from chain.rewards.reward_signals import autoregressive_covariance
from chain.rewards.round_signals import InformedOfRounds, RoundLaw
from chain.rewards.uniform import Uniform
from strategies.ranked_cost import RankedCost, legendre
from strategies.theory.laws import Array
from strategies.theory.signalled_round import IndependentRound, NormalRound, SignalledRound
from strategies.theory.signalled_value import LognormalPrior, SampledPrior, SignalledValue

Left = Callable[[Array], Array]
"""What a right brings at each reward, Gwei; rising."""

NODES = 64
CLASSES = 800
"""Totals that stand for what a round brings."""

NEGLIGIBLE = 1e-16
STEP = 0.1
"""Of a normal score: what is public of MEV-Boost payments is rounded to it where a rule is found by draws."""

FEW_DRAWS = 10_000
"""Of these, whose rewards are read off a table."""


class SignalledLot:
    """A lot whose worth rises in a score; `prior` is that of the score, less `shift`."""

    def __init__(self, theory: SignalledValue, shift: float) -> None:
        self.theory = theory
        self.shift = shift

    def bid(self, signal: float, pays_as_bid: bool) -> float:
        """The equilibrium bid, Gwei."""
        place = np.array([signal - self.shift])
        if pays_as_bid:
            return float(np.interp(place, self.theory.signals, self.theory.paid_as_bid)[0])
        return float(self.theory.tied_at(place)[0])


def sale_of(outlook: InformedOutlook, block: int, left: Left, bidders: int) -> SignalledLot | None:
    """The sale of a block's right by what is public; None where everyone knows what it is worth."""
    if isinstance(outlook, InformedByDraws):
        prior = SampledPrior(*drawn(outlook.law))
        return SignalledLot(SignalledValue(prior, outlook.noise, bidders, lambda log: left(np.exp(log))), 0.0)
    if not isinstance(outlook, InformedByNormal):
        return None
    ahead = block - outlook.block - 1
    if not 0 <= ahead < len(outlook.signals) or outlook.public_sds[ahead] == 0:
        return None
    sd = outlook.public_sds[ahead]
    shift = outlook.public_means[ahead] + sd**2 / 2

    def worth(score: Array) -> Array:
        return left(outlook.rewards(score + shift))

    return SignalledLot(SignalledValue(LognormalPrior(sd), outlook.noise, bidders, worth), shift)


@lru_cache(maxsize=1024)
def over(share: float, cost_gwei: int) -> Left:
    """A share of what is left over a cost that all share; the same object for the same two."""
    return lambda rewards: share * np.maximum(rewards - cost_gwei, 0.0)


@lru_cache(maxsize=16)
def over_ranked(cost: RankedCost) -> OverRanked:
    """The same object for the same cost, so that what is found for one buyer is found for all."""
    return OverRanked(cost)


def tied_bid(
    outlook: InformedOutlook, blocks: range, lefts: Sequence[Left], bidders: int, pays_as_bid: bool
) -> float | None:
    """What to bid for blocks, of which `lefts` say what each brings at its reward: the equilibrium bid among
    `bidders` with signals as good, Gwei. None without a signal or doubt."""
    if isinstance(outlook, InformedOfRounds):
        lot = lot_of_round(outlook, blocks, lefts, bidders)
    elif len(blocks) > 1:
        return round_bid(outlook, blocks, lefts, bidders, pays_as_bid)
    else:
        lot = sale_of(outlook, blocks[0], lefts[0], bidders)
    signal = outlook.signal(blocks[0])
    return None if lot is None or signal is None else lot.bid(signal, pays_as_bid)


def lot_of_round(
    outlook: InformedOfRounds, blocks: range, lefts: Sequence[Left], bidders: int
) -> SignalledLot | None:
    """The sale of blocks of a round whose bidders have one signal of what all of it brings, by what is public;
    None without signals of it."""
    if outlook.signal(blocks[0]) is None:
        return None
    law, first = outlook.law(blocks[0]), outlook.rest_of(blocks[0]).start
    return lot_of_law(law, tuple(block - first for block in blocks), tuple(lefts), outlook.noise, bidders)


@lru_cache(maxsize=64)
def lot_of_law(
    law: RoundLaw, places: tuple[int, ...], lefts: tuple[Left, ...], noise: float, bidders: int
) -> SignalledLot:
    """The same by the law of the round, of those of its blocks that lie at `places`."""
    columns = [0] * len(places) if law.rewards.shape[1] == 1 else places
    brought = sum(left(law.rewards[:, column]) for left, column in zip(lefts, columns, strict=True))
    prior, worths = by_total(law, np.asarray(brought))

    def worth(log_total: Array) -> Array:
        return np.interp(log_total, prior.log_value, worths)

    return SignalledLot(SignalledValue(prior, noise, bidders, worth), 0.0)


def by_total(law: RoundLaw, brought: Array) -> tuple[SampledPrior, Array]:
    """Totals in classes even in the logarithm, and what is brought on average in each."""
    held = (law.totals > 0) & (law.chances > NEGLIGIBLE)
    totals, chances, logs = law.totals[held], law.chances[held], np.log(law.totals[held])
    step = max(float(logs.max() - logs.min()) / CLASSES, np.finfo(float).tiny)
    place = np.minimum(((logs - logs.min()) / step).astype(int), CLASSES)
    sums = [np.bincount(place, chances * what) for what in (np.ones(totals.size), totals, brought[held])]
    chance, total, worth = (part[sums[0] > 0] for part in sums)
    return SampledPrior(total / chance, chance / chance.sum()), worth / chance


def round_bid(
    outlook: InformedOutlook, blocks: range, lefts: Sequence[Left], bidders: int, pays_as_bid: bool
) -> float | None:
    """What to bid for several blocks together with a signal of each, Gwei; None where there are not so many."""
    first = blocks.start - outlook.block - 1
    if not 0 <= first < first + len(blocks) <= len(outlook.signals):
        return None
    sold = slice(first, first + len(blocks))
    expected = outlook.expected_rewards(blocks)
    if isinstance(outlook, InformedByDraws):
        theory = round_of_draws(outlook.law, outlook.noise, tuple(lefts), bidders)
        return theory.bid_once(expected, pays_as_bid)
    if isinstance(outlook, InformedByScore):
        return round_by_scores(outlook, sold, tuple(lefts), bidders).bid_once(expected, pays_as_bid)
    if not isinstance(outlook, InformedByLog):
        return None
    return bid_by_logs(outlook, sold, lefts, bidders, pays_as_bid)


def bid_by_logs(
    outlook: InformedByLog, sold: slice, lefts: Sequence[Left], bidders: int, pays_as_bid: bool
) -> float | None:
    """The same of lognormal rewards; None where all of them are certain."""
    law, near = nearest(outlook)
    known = outlook.public_sds, outlook.noise
    theory = round_of(law, near, *known, (sold.start, sold.stop), tuple(lefts), bidders)
    if theory is None:
        return None
    shift = float(np.mean(np.array(outlook.public_means)[sold] - np.array(near)[sold]))
    expected = sum(map(lognormal_mean, outlook.means[sold], outlook.sds[sold]))
    return theory.bid_once(expected * np.exp(-shift), pays_as_bid) * float(np.exp(shift))


class LaggedLaw(NamedTuple):
    """A law, and how many blocks after a known one the first signal is of."""

    law: AR1Law
    lag: int


def nearest(outlook: InformedByLog) -> tuple[LaggedLaw | None, tuple[float, ...]]:
    """What is public of the blocks that there are signals of, what an autoregression has come to rounded to a
    quarter of its spread, so that the rule is found once for each."""
    public = outlook.public
    if not isinstance(public, AR1Outlook):
        return None, outlook.public_means
    law = public.law
    step = law.sigma / (1 - law.phi**2) ** 0.5 / 4 or 1.0
    x = law.m + step * round((public.x - law.m) / step)
    lag = public.block + 1 - public.since
    return LaggedLaw(law, lag), tuple(law.ahead(x, lag + ahead)[0] for ahead in range(len(outlook.signals)))


@lru_cache(maxsize=256)
def round_of(
    law: LaggedLaw | None,
    means: tuple[float, ...],
    sds: tuple[float, ...],
    noise: float,
    sold: tuple[int, int],
    lefts: tuple[Left, ...],
    bidders: int,
) -> SignalledRound | None:
    """The sale of a round of lognormal rewards by what is public; None where all of them are certain."""
    if not any(sds):
        return None
    covariance = np.diag(np.square(sds))
    if law is not None:
        covariance = autoregressive_covariance(*law, len(means))
    return NormalRound(noise, bidders, lefts, np.array(means), covariance, slice(*sold))


@lru_cache(maxsize=256)
def round_of_draws(
    law: Uniform | Exponential, noise: float, lefts: tuple[Left, ...], bidders: int
) -> SignalledRound:
    """The sale of a round of independent rewards with a density."""
    return IndependentRound(noise, bidders, lefts, *drawn(law))


def round_by_scores(
    outlook: InformedByScore, sold: slice, lefts: tuple[Left, ...], bidders: int
) -> SignalledRound:
    """The sale of a round of MEV-Boost payments by what is public, its means rounded, so that the rule is found
    once for each."""
    public = outlook.public
    assert isinstance(public, MevBoostOutlook)
    means = tuple(round(mean / STEP) * STEP for mean in outlook.public_means)
    law = ScoreLaw(outlook.period, outlook.scale, known_by(public), means)
    return round_of_scores(law, outlook.noise, (sold.start, sold.stop), lefts, bidders)


class ScoreLaw(NamedTuple):
    """Of payments to come: what is known of their scores, and the means of these."""

    period: str
    scale: float
    known: Known
    means: tuple[float, ...]


@lru_cache(maxsize=256)
def round_of_scores(
    law: ScoreLaw, noise: float, sold: tuple[int, int], lefts: tuple[Left, ...], bidders: int
) -> SignalledRound:
    """The sale of a round of payments."""
    means = np.array(law.means)
    reward = partial(gwei_at, law.period, law.scale)
    covariance = covariance_ahead(law.known, means.size)
    return NormalRound(noise, bidders, lefts, means, covariance, slice(*sold), reward, FEW_DRAWS)


class OverRanked:
    """E[(R − θ)^+], θ a ranked one of several costs, which nobody knows yet."""

    def __init__(self, cost: RankedCost) -> None:
        places, weights = np.array(legendre(NODES)).T
        self.costs = np.array([cost.law.quantile(place) for place in places.tolist()])
        self.chances = weights * np.array([cost.density(place) for place in places.tolist()])

    def __call__(self, rewards: Array) -> Array:
        return np.asarray(np.maximum(rewards[..., None] - self.costs, 0.0) @ self.chances)
