"""The sale of a right whose worth rises in a score that its bidders have signals of."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from chain.rewards.informed import InformedByDraws, InformedByNormal, InformedOutlook, drawn
from strategies.ranked_cost import RankedCost, legendre
from strategies.theory.laws import Array
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


class OverRanked:
    """E[(R − θ)^+], θ a ranked one of several costs, which nobody knows yet."""

    def __init__(self, cost: RankedCost) -> None:
        places, weights = np.array(legendre(NODES)).T
        self.costs = np.array([cost.law.quantile(place) for place in places.tolist()])
        self.chances = weights * np.array([cost.density(place) for place in places.tolist()])

    def __call__(self, rewards: Array) -> Array:
        return np.asarray(np.maximum(rewards[..., None] - self.costs, 0.0) @ self.chances)
