"""Who takes part in one auction."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from market.slot_auction.signals import BlockValues
from market.slot_auction.slot_bidder import SlotBidder

ANY_SUM = 2**62


class SlotEntrant(NamedTuple):
    """A builder, its own delay (ms), what it knows, its randomness, and the most that it can pay, Gwei."""

    bidder: SlotBidder
    values: BlockValues
    delay_ms: int
    rng: np.random.Generator
    funds_gwei: int = ANY_SUM
