"""Sale formats: each clears bids into at most one award. A format is a file here and a line of `FORMATS`."""

from market.auctions.dutch import DUTCH, dutch
from market.auctions.english import ENGLISH, english
from market.auctions.first_price import FIRST_PRICE, first_price
from market.auctions.format import AuctionFormat
from market.auctions.second_price import SECOND_PRICE, second_price
from market.auctions.terms import Award, Offer, Terms

__all__ = [
    "CODES",
    "FORMATS",
    "PAID_AS_BID",
    "AuctionFormat",
    "Award",
    "Offer",
    "Terms",
    "dutch",
    "english",
    "first_price",
    "second_price",
]

FORMATS: dict[str, AuctionFormat] = {
    "first_price": FIRST_PRICE,
    "second_price": SECOND_PRICE,
    "english": ENGLISH,
    "dutch": DUTCH,
}
"""The formats by name; everything else that goes over formats asks this table."""

CODES = {name: format.code for name, format in FORMATS.items()} | {"posted": 4}
"""The numbers of formats in signed listings. No listing offers a posted price, but its number is spoken for."""

PAID_AS_BID = frozenset(name for name, format in FORMATS.items() if format.pays_bid)
"""The formats whose winner pays what it bid. The primary market's rules of the same names do likewise."""
