"""What is right in the place of a wrong price, in a few words after the refusal."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import isfinite

import numpy as np

from chain.ledger import MAX_GWEI
from chain.money import GWEI_PER_ETH, WEI_PER_GWEI, gwei_to_eth

FRACTIONS = frozenset({float, np.float64, np.float32, Decimal, Fraction})
WHOLES = frozenset(np.dtype(code).type for code in np.typecodes["AllInteger"])
"""Of numpy's kinds those of whole numbers, which wrap around where Python's grow."""
LEAVE_OUT = "; to hold, leave the intent out"
MUCH_GWEI = 10**15
"""A price of so much is hardly meant: of an order of 0.1 ETH are rewards, 10^8 Gwei."""
LITTLE_GWEI = 10_000
"""Prices are warned of that are never more, or mostly above `MUCH_GWEI`: some are low whatever their unit."""
FEW_GWEI = 1_000
"""Of what blocks bring or cost on average so much is hardly meant."""
MOST_ETH = 10_000
"""Where a number of at most so many was meant as ETH: as Gwei it is next to nothing."""


def price_remedy(value: object) -> str:
    """`; prices are whole Gwei: eth_to_gwei(0.1)`, or what else helps with what is no price; maybe nothing.

    Calls no method of a class of the user's own.
    """
    if value is None:
        return LEAVE_OUT
    if type(value) in FRACTIONS:
        return fraction_remedy(float(value))  # type: ignore[arg-type]
    if type(value) is int:
        return whole_remedy(value)
    if type(value) in WHOLES:
        return numpy_remedy(int(value), type(value).__name__)  # type: ignore[call-overload]
    return ""


def amount_remedy(value: object) -> str:
    """The same of an amount that a rule answered, which is no intent."""
    remedy = price_remedy(value)
    return "" if remedy == LEAVE_OUT else remedy


def fraction_remedy(value: float) -> str:
    """Of a number that is not of a whole kind."""
    if not isfinite(value) or value < 0:
        return LEAVE_OUT
    if 0 < value <= MOST_ETH:
        return f"; prices are whole Gwei: eth_to_gwei({value:g}) where that is ETH"
    return "; prices are whole Gwei: take int(…) of what it is computed by"


def numpy_remedy(value: int, kind: str) -> str:
    """Of a whole number of a kind of numpy's."""
    return f"; it is numpy's {kind}: take int(…) of it" if 0 <= value <= MAX_GWEI else whole_remedy(value)


def whole_remedy(value: int) -> str:
    """Of a whole number that is out of bounds."""
    if value < 0:
        return LEAVE_OUT
    if value <= MAX_GWEI * WEI_PER_GWEI:
        return f"; prices are Gwei, not wei: {value // WEI_PER_GWEI}"
    return ""


def too_little(what: str, dearest: int) -> list[str]:
    """What is said of a rule whose prices are never above so many Gwei, if that is next to nothing."""
    if not 0 < dearest <= LITTLE_GWEI:
        return []
    return [f"{what} is above {dearest:,} Gwei: prices are Gwei, not ETH; take eth_to_gwei(start_eth) of ETH"]


def law_in_eth(mean_gwei: float) -> list[str]:
    """What is said of a law of amounts whose mean is next to nothing, as that of a law of ETH is."""
    if mean_gwei >= FEW_GWEI:
        return []
    return [f"its mean is {mean_gwei:zg} Gwei: a law speaks of Gwei, 10⁹ to an ETH"]


def too_low(price: int, reserve: int) -> str:
    """What is said of a bid below its reserve, Gwei, which may have been meant as ETH."""
    hint = ""
    if 0 < price <= MOST_ETH and price * GWEI_PER_ETH >= reserve > 1000 * price:
        hint = f"; prices are whole Gwei: eth_to_gwei({price}) where that is ETH"
    return f"the bid is {price} Gwei, the reserve {reserve}{hint}"


def too_dear(takes: int, free: int) -> str:
    """What is said of a bid that takes more than there is, Gwei; it may have been meant as wei."""
    hint = ""
    if takes > 10**6 * free and 0 < takes // WEI_PER_GWEI <= free:
        hint = f"; prices are Gwei, not wei: {takes // WEI_PER_GWEI}"
    elif takes >= MUCH_GWEI:
        hint = f"; that is {gwei_to_eth(takes):z,.0f} ETH: prices are Gwei, not wei"
    return f"the bid takes {takes} Gwei, {free} are free{hint}"
