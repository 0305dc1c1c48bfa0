"""Sale formats: each clears the bids for a lot into who pays what, and who gets it.

A format is a file here and a line of `FORMATS`.
"""

from market.auctions.all_pay import ALL_PAY
from market.auctions.clearing import NOTHING, Clearing, clearings, placed, sold
from market.auctions.dutch import DUTCH
from market.auctions.english import ENGLISH
from market.auctions.first_price import FIRST_PRICE
from market.auctions.format import AuctionFormat
from market.auctions.own_format import OWN, OWN_CODE, own_format
from market.auctions.second_price import SECOND_PRICE
from market.auctions.terms import Award, Lot, Offer, Payment, Terms
from market.auctions.third_price import THIRD_PRICE

__all__ = [
    "CODES",
    "FORMATS",
    "NOTHING",
    "ON_CHAIN",
    "OWN",
    "PAID_AS_BID",
    "SPECIAL",
    "AuctionFormat",
    "Award",
    "Clearing",
    "Lot",
    "Offer",
    "Payment",
    "Terms",
    "clearings",
    "own_format",
    "placed",
    "sold",
]

FORMATS: dict[str, AuctionFormat] = {
    "first_price": FIRST_PRICE,
    "second_price": SECOND_PRICE,
    "english": ENGLISH,
    "dutch": DUTCH,
    "third_price": THIRD_PRICE,
    "all_pay": ALL_PAY,
}
"""The formats by name; everything else that goes over formats asks this table."""

CODES = {name: format.code for name, format in FORMATS.items()} | {"posted": 4, OWN: OWN_CODE}
"""The numbers of formats in signed listings. No listing offers a posted price, but its number is spoken for."""

PAID_AS_BID = frozenset(name for name, format in FORMATS.items() if format.bids == "shaded")
"""The formats whose winner pays what it bid, and the others nothing. The primary market's rules of the same names
do likewise."""

SPECIAL = frozenset(name for name, format in FORMATS.items() if format.bids == "special") | {OWN}
"""Those in which only those bid who have a bid for them."""

ON_CHAIN = tuple(name for name, format in FORMATS.items() if format.on_chain)
"""Those that the ticket contract knows."""
