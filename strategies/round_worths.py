"""What a round of blocks is worth ahead of time to one who may sell them on just in time, ETH."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cached_property, lru_cache
from math import ceil
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from chain.money import GWEI_PER_ETH
from chain.rewards import Outlook
from market.view import AuctionView, View
from strategies.prospect import Prospect, law_of
from strategies.ranked_cost import RankedCost, typical
from strategies.setup import Setup
from strategies.theory.block_values import AskedCost, Exercised, SharedRewards
from strategies.theory.laws import Array
from strategies.theory.resold_blocks import Worths, kept_unsold, worths
from strategies.valuation import certain_blocks

RESERVES = ("none", "own", "best")
"""At what reserve a holder sells its blocks: none, its own value, or Myerson's, which earns it most."""

LEVELS = np.geomspace(1e-4, 1e4, 801)
"""Rewards at which an outlook's law is tabulated, in units of its mean."""

Blocks = tuple[Prospect, ...]
"""The blocks of a round as they are known when bids for it are due."""


class RewardAhead:
    """The law of a reward to come as an outlook has it, which tells what is left over each cost and no more.

    Its distribution is that curve's slope: P(R ≤ x) = 1 + d/dx E[(R − x)^+] (Breeden and Litzenberger 1978).
    """

    def __init__(self, prospect: Prospect) -> None:
        self._prospect = prospect

    @property
    def mean(self) -> Array:
        return np.asarray(self._prospect.mean)

    def surplus(self, cost: npt.ArrayLike) -> Array:
        """E[(R − θ)^+]."""
        return self._prospect(cost)

    def is_known(self) -> bool:
        """Whether the reward is certain."""
        return float(self.surplus(self.mean)) <= 1e-9 * float(self.mean)

    def cdf(self, reward: npt.ArrayLike) -> Array:
        if self.is_known():
            return (np.asarray(reward) >= self.mean).astype(float)
        return np.asarray(np.interp(np.asarray(reward), self.rewards, self.below, left=0.0, right=1.0))

    def ppf(self, quantile: npt.ArrayLike) -> Array:
        if self.is_known():
            return np.full(np.shape(quantile), float(self.mean))
        return np.asarray(np.interp(np.asarray(quantile), self.below, self.rewards))

    @cached_property
    def rewards(self) -> Array:
        """Rewards, rising."""
        return np.append(0.0, float(self.mean) * LEVELS)

    @cached_property
    def below(self) -> Array:
        """The chance of a reward up to each of them."""
        slope = np.diff(self.surplus(self.rewards)) / np.diff(self.rewards)
        inner = np.clip(1 + (slope[1:] + slope[:-1]) / 2, 0.0, 1.0)
        return np.maximum.accumulate(np.concatenate(([0.0], inner, [1.0])))


def blocks_of(view: View, setup: Setup, lot: AuctionView) -> Blocks:
    """The blocks to come that a lot of the primary sale brings; none where they are not certain."""
    blocks = None if lot.series is None else certain_blocks(setup, lot.series)
    alike, cost = view.outlook.alike, typical(setup.cost)
    return tuple(prospect_of(*alike(block), cost) for block in blocks or () if block > view.slot)


@lru_cache(maxsize=256)
def prospect_of(outlook: Outlook, block: int, cost: RankedCost) -> Prospect:
    """The block as it is known: the same object for those that are known alike, which are then compared once."""
    return Prospect(outlook, block, law_of(cost.law))


def values_of(blocks: Blocks) -> SharedRewards:
    """What the blocks are worth to buyers who are alike."""
    counted = Counter(blocks)
    return SharedRewards(blocks[0].law, [(RewardAhead(one), count) for one, count in counted.items()])


class Habits(NamedTuple):
    """How blocks go on: at what reserve a buyer sells those of its round ("never": it does not), and a hub; what
    becomes of a round that nobody bought, "empty" or "endowed"."""

    buyer: str = "own"
    hub: str = "none"
    unsold: str = "empty"


@lru_cache(maxsize=4096)
def worths_of(blocks: Blocks, buyers: int, habits: Habits) -> Worths:
    """What the round is worth to whom: see `theory.resold_blocks`. ValueError for Myerson's reserve of costs that
    have atoms."""
    values = values_of(blocks)
    by_hub = worths(values, buyers, habits.hub, habits.unsold)
    if habits.buyer == "never":
        by_buyer = kept_unsold(values, buyers)
    else:
        by_buyer = worths(values, buyers, habits.buyer, habits.unsold)
    return replace(
        by_buyer,
        hub=by_hub.hub,
        losing_to_hub=by_hub.losing_to_hub,
        made_by_hub=by_hub.made_by_hub,
        unsold=by_hub.unsold,
        made_unsold=by_hub.made_unsold,
    )


@lru_cache(maxsize=64)
def asked_of(cost: RankedCost) -> AskedCost:
    """The costs that buy at Myerson's reserve, by the law of each."""
    return AskedCost(law_of(cost.law))


def resale_reserve(view: View, setup: Setup, kind: str, own_gwei: int) -> int:
    """The reserve of the present block, Gwei, for one to whom it is worth so much."""
    reward = view.outlook.reward_gwei
    if kind != "best" or reward is None:
        return own_gwei
    block = Exercised(law_of(setup.cost), reward / GWEI_PER_ETH, asked_of(typical(setup.cost)))
    asked = float(block.reserve(np.array(own_gwei / GWEI_PER_ETH))) * GWEI_PER_ETH
    return max(ceil(asked), own_gwei)
