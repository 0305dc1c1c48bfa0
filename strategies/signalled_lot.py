"""The sale of a right whose worth rises in a score that its bidders have signals of."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from chain.rewards.ar1 import AR1Law, AR1Outlook
from chain.rewards.informed import InformedByDraws, InformedByLog, InformedByNormal, InformedOutlook, drawn
from chain.rewards.reward_signals import autoregressive_covariance
from strategies.ranked_cost import RankedCost, legendre
from strategies.theory.laws import Array
from strategies.theory.signalled_round import SignalledRound
from strategies.theory.signalled_value import LognormalPrior, SampledPrior, SignalledValue

Left = Callable[[Array], Array]
"""What a right brings at each reward, Gwei; rising."""

NODES = 64


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


def over(cost_gwei: int) -> Left:
    """What is left over a cost that all share."""
    return lambda rewards: np.maximum(rewards - cost_gwei, 0.0)


@lru_cache(maxsize=16)
def over_ranked(cost: RankedCost) -> OverRanked:
    """The same object for the same cost, so that what is found for one buyer is found for all."""
    return OverRanked(cost)


def round_bid(outlook: InformedByLog, blocks: range, left: Left, bidders: int) -> float | None:
    """What to bid for several blocks together with a signal of each, Gwei; None where there are not so many."""
    first = blocks.start - outlook.block - 1
    if not 0 <= first < first + len(blocks) <= len(outlook.signals):
        return None
    means = np.array(outlook.public_means)
    law, near = nearest(outlook)
    theory = round_of(law, near, outlook.public_sds, outlook.noise, (first, len(blocks)), left, bidders)
    expected = np.exp(np.array(outlook.means) + np.array(outlook.sds) ** 2 / 2)[first : first + len(blocks)].sum()
    shift = float(np.mean(means[first : first + len(blocks)] - theory.means[theory.sold]))
    scaled = theory.bid(np.array([expected * np.exp(-shift)]))[0] * np.exp(shift)
    return float(scaled)


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
    left: Left,
    bidders: int,
) -> SignalledRound:
    """The sale of a round by what is public."""
    covariance = np.diag(np.square(sds))
    if law is not None:
        covariance = autoregressive_covariance(*law, len(means))
    part = slice(sold[0], sold[0] + sold[1])
    return SignalledRound(np.array(means), covariance, noise, bidders, left, part)


class OverRanked:
    """E[(R − θ)^+], θ a ranked one of several costs, which nobody knows yet."""

    def __init__(self, cost: RankedCost) -> None:
        places, weights = np.array(legendre(NODES)).T
        self.costs = np.array([cost.law.quantile(place) for place in places.tolist()])
        self.chances = weights * np.array([cost.density(place) for place in places.tolist()])

    def __call__(self, rewards: Array) -> Array:
        return np.asarray(np.maximum(rewards[..., None] - self.costs, 0.0) @ self.chances)
