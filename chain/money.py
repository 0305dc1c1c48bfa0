"""Money is an integer number of Gwei, as in the consensus layer."""

from __future__ import annotations

import math

GWEI_PER_ETH = 10**9
WEI_PER_GWEI = 10**9


def eth_to_gwei(eth: float) -> int:
    """The nearest whole number of Gwei to `eth` ETH. Raises `ValueError` for NaN and infinity."""
    if not math.isfinite(eth):
        raise ValueError(f"{eth} ETH is not an amount; give a finite number")
    return round(eth * GWEI_PER_ETH)


def gwei_to_eth(gwei: int | float) -> float:
    """`gwei` Gwei in ETH."""
    return gwei / GWEI_PER_ETH
