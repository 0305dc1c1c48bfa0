"""Bids what is worth as much to it for sure as the ticket is with its risk."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import exp, inf, log, log1p

import numpy as np

from chain.money import GWEI_PER_ETH
from chain.rewards import Outlook
from chain.rewards.joint_rewards import joint_draws
from chain.ticket import Series
from market.view import AuctionView, View
from strategies.buyers.bidder import Bidder
from strategies.parameters import between
from strategies.ranked_cost import RankedCost, legendre, node_count, typical
from strategies.spanning import spanned
from strategies.theory.laws import Array
from strategies.valuation import (
    certain_blocks,
    discount,
    fixed_cost,
    lottery_value,
    own_surplus,
    own_value,
    possible_blocks,
)


class RiskAverse(Bidder):
    """Bids the certainty equivalent −log(E e^(−aX))/a of the surplus X = (R − θ)^+, a its constant absolute risk
    aversion (Pratt 1964): dominant in second-price and English sales, whatever its wealth is.

    A ticket for one of several blocks is a draw among them. One in a lottery brings the surplus of an average
    block with the chance that it is drawn before it expires, and discounting is one more chance that it is not.
    A round is worth the sum of its blocks' equivalents where rewards are independent by what is known, and else
    the equivalent of the sum, by even draws of the blocks together.
    """

    def __init__(self, risk_aversion: float = 1.0, discount_rate: float = 0.0) -> None:
        """`risk_aversion` per ETH: of a small risk with variance v it dislikes v/2 times as much; 0: neutral.
        `discount_rate` per block."""
        super().__init__(discount_rate)
        self.aversion = between("risk_aversion", risk_aversion, 0, 1e6) / GWEI_PER_ETH

    def price(self, view: View, auction: AuctionView, value: int) -> int:  # noqa: ARG002
        return value

    def value(self, view: View, series: Series) -> int:
        """The certainty equivalent of a right, Gwei."""
        if self.aversion == 0:
            return int(own_value(view, self.setup, series, self.discount_rate))
        certain = certain_blocks(self.setup, series)
        if certain is not None:
            return int(self.of_round(view, certain))
        blocks = possible_blocks(view, self.setup, series)
        if blocks is None:
            return int(self.equivalent(self.of_lottery(view, series)))
        return int(self.equivalent(self.of_blocks(view, blocks)))

    def of_round(self, view: View, blocks: range) -> float:
        """The certainty equivalent of blocks together, Gwei."""
        draws = joint_draws(view.outlook, blocks)
        if draws is None:
            return sum(self.equivalent(self.of_block(view, block)) for block in blocks)
        left = [self.left(view, block, rewards) for block, rewards in zip(blocks, draws.rewards.T, strict=True)]
        with np.errstate(divide="ignore"):
            parts = np.log(draws.chances) - self.aversion * np.sum(left, axis=0)
        return self.equivalent(float(np.logaddexp.reduce(parts)))

    def left(self, view: View, block: int, rewards: Array) -> Array:
        """What is left over its cost of a block's rewards, now; nothing, where it cannot exploit it."""
        cost = view.cost(block)
        share = 0.0 if cost is None else discount(self.discount_rate, block - view.slot)
        return np.asarray(share * np.maximum(rewards - (cost or 0), 0.0))

    def equivalent(self, log_pain: float) -> float:
        """−log(E e^(−aX))/a, Gwei, from the logarithm."""
        return max(-log_pain / self.aversion, 0.0)

    def of_blocks(self, view: View, blocks: Sequence[int]) -> float:
        """log E e^(−aX) over equally likely blocks."""
        return mean_of_logs([self.of_block(view, block) for block in blocks])

    def of_block(self, view: View, block: int) -> float:
        """log E e^(−aX) of one block; 0 for one that it cannot exploit."""
        cost = view.cost(block)
        if cost is None:
            return 0.0
        aversion = self.aversion * discount(self.discount_rate, block - view.slot)
        return log_pain(view.outlook, block, cost, aversion)

    def of_lottery(self, view: View, series: Series) -> float:
        """log E e^(−aX) of a ticket that may be drawn."""
        size = self.setup.round
        chance = min(lottery_value(view, self.setup, series, 1.0, self.discount_rate) / size, 1.0)
        if own_surplus(view, self.setup) <= 0:
            return 0.0
        block = view.slot + self.setup.ahead + 1
        cost = fixed_cost(view, self.setup)
        if cost is None:
            drawn = log_pain_of_average(view.outlook, block, typical(self.setup.cost), self.aversion)
        else:
            drawn = log_pain(view.outlook, block, cost, self.aversion)
        return log1p(chance * (exp(size * drawn) - 1))


def mean_of_logs(logs: Sequence[float]) -> float:
    """The logarithm of the mean of what these are logarithms of."""
    return float(np.logaddexp.reduce(logs) - log(len(logs)))


def log_pain(outlook: Outlook, block: int, cost_gwei: float, aversion: float) -> float:
    """log E e^(−aX) of X = (R − θ)^+, Gwei; `aversion` a per Gwei."""
    mean, levels, weights = spanned(outlook, block, cost_gwei)
    with np.errstate(divide="ignore"):
        parts = np.log(weights) + 2 * log(aversion) - aversion * levels
    return min(float(np.logaddexp(np.logaddexp.reduce(parts, initial=-inf), -aversion * mean)), 0.0)


@lru_cache(maxsize=1024)
def log_pain_of_average(outlook: Outlook, block: int, cost: RankedCost, aversion: float) -> float:
    """The same with the cost a draw of one law."""
    at = legendre(node_count(1))
    pains = [exp(log_pain(outlook, block, cost.law.quantile(share), aversion)) for share, _ in at]
    return log(max(sum(weight * pain for (_, weight), pain in zip(at, pains, strict=True)), 1e-300))
