"""Who takes part in one auction."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from market.slot_auction.bidder import Bidder
from market.slot_auction.signals import Values

ANY_SUM = 2**62


class Entrant(NamedTuple):
    """A builder, its own delay (ms), what it knows, its randomness, and the most that it can pay, Gwei."""

    bidder: Bidder
    values: Values
    delay_ms: int
    rng: np.random.Generator
    funds_gwei: int = ANY_SUM
