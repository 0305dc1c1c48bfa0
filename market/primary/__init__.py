"""The primary market: the protocol sells what it minted. What is paid is burned.

A pricing rule gets all lots of a slot at once, with the bids on each, and answers with the awards.
"""

from market.primary.lots import Lot, Pricing
from market.primary.posted import posted
from market.primary.second_price import second_price

__all__ = ["PRICING", "Lot", "Pricing", "posted", "second_price"]

PRICING: dict[str, Pricing] = {"posted": posted, "second_price": second_price}
