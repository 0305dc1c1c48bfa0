"""Sale formats: each clears a set of bids into at most one award."""

from collections.abc import Callable, Sequence

from market.auctions.dutch import dutch
from market.auctions.english import english
from market.auctions.first_price import first_price
from market.auctions.second_price import second_price
from market.auctions.terms import Award, Offer, Terms

__all__ = ["FORMATS", "Award", "Clear", "Offer", "Terms", "dutch", "english", "first_price", "second_price"]

Clear = Callable[[Terms, Sequence[Offer]], Award | None]

FORMATS: dict[str, Clear] = {
    "first_price": first_price,
    "second_price": second_price,
    "english": english,
    "dutch": dutch,
}
