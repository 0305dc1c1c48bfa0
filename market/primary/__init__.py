"""The primary market: the protocol sells what it minted. What is paid is burned.

A pricing rule says which tickets are put up in a slot and at what price, gets all lots at once, with the bids on
each, and answers with who pays what and wins which.
"""

from collections.abc import Callable
from functools import partial

from market.auctions import FORMATS
from market.auctions.terms import Lot, Payment
from market.primary.amm import Amm
from market.primary.by_lot import ByLot, InFormat, Pricing
from market.primary.chance import BeaconChance, Chance
from market.primary.eip1559 import Eip1559
from market.primary.elowsson import Elowsson
from market.primary.own_pricing import OwnPricing
from market.primary.pay_as_bid import PayAsBid
from market.primary.posted import Posted, posted
from market.primary.pricing_rule import OfFunction, PricingRule
from market.primary.quoted import in_turns
from market.primary.rule import Price, Rule
from market.primary.sale_view import PastSale, SaleView
from market.primary.tullock import Tullock
from market.primary.uniform_price import UniformPrice

__all__ = [
    "INTERCHANGEABLE",
    "PRICING",
    "QUOTED",
    "Amm",
    "BeaconChance",
    "ByLot",
    "Chance",
    "Eip1559",
    "Elowsson",
    "InFormat",
    "Lot",
    "OfFunction",
    "OwnPricing",
    "PastSale",
    "PayAsBid",
    "Payment",
    "Posted",
    "Price",
    "Pricing",
    "PricingRule",
    "Rule",
    "SaleView",
    "Tullock",
    "UniformPrice",
    "in_turns",
    "posted",
]

PRICING: dict[str, Callable[..., Rule]] = {
    **{name: partial(InFormat, format) for name, format in FORMATS.items()},
    "posted": Posted,
    "uniform_price": UniformPrice,
    "pay_as_bid": PayAsBid,
    "eip1559": Eip1559,
    "amm": Amm,
    "elowsson": Elowsson,
    "tullock": Tullock,
}
"""The rules by name; a format sells lot by lot. All take `reserve` (Gwei) and `cap` (tickets a slot)."""

QUOTED = frozenset({"eip1559", "amm", "elowsson"})
"""The rules that quote a price, at which everyone is served."""

INTERCHANGEABLE = frozenset({"uniform_price", "pay_as_bid"}) | QUOTED
"""The rules that sell the tickets of a slot as units of one good."""
