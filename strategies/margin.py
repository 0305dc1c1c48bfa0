"""What a builder keeps of a block's value when it bids for it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from chain.money import eth_to_gwei
from chain.wording import shown
from market.slot_auction.signals import Ints
from strategies.parameters import between

SHARE = 0.02
"""The share of the value that builders keep: payments calibrated with it fit those that MEV-Boost shows from 5 to
95 % (`experiments/calibration.py`), which no fixed sum does."""
WU_MARGIN_ETH, WU_MARGIN_SD_ETH = 0.00659, 0.0001
"""The margin of Wu et al. (2023), N(.00659, .0001) ETH, on values as large as theirs: a median near .11 ETH."""


class Margin(NamedTuple):
    """What is kept in one auction: a share of the value, or a fixed sum, Gwei."""

    share: float = 0.0
    gwei: int = 0

    def off(self, value: int) -> int:
        """A value less the margin, Gwei."""
        return value - int(self.share * value) - self.gwei

    def off_each(self, values: Ints) -> Ints:
        """Each value less the margin, Gwei."""
        return values - (self.share * values).astype(np.int64) - self.gwei


class MarginLaw:
    """A share of the value, `margin`, or in its place a fixed sum, N(`margin_eth`, `margin_sd_eth`), in ETH.

    Raises `ValueError` where both are given, or one is out of bounds.
    """

    def __init__(self, margin_eth: float | None, margin_sd_eth: float, margin: float | None) -> None:
        if margin is not None and margin_eth is not None:
            both = f"margin is {shown(margin)} and margin_eth is {shown(margin_eth)}"
            raise ValueError(f"{both}; give one of them: a share of the value, or ETH")
        self._share = 0.0
        self._mean = 0
        self._sd = 0.0
        if margin_eth is None:
            self._share = between("margin", SHARE if margin is None else margin, 0, 1)
        else:
            self._mean = eth_to_gwei(between("margin_eth", margin_eth, 0, 9e8))
            self._sd = between("margin_sd_eth", margin_sd_eth, 0, 9e8) * 1e9

    def draw(self, rng: np.random.Generator) -> Margin:
        """That of one auction; a sum is not below 0."""
        if self._sd:
            return Margin(gwei=max(round(rng.normal(self._mean, self._sd)), 0))
        return Margin(self._share, self._mean)
