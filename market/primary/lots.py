"""What a pricing rule of the primary market sees."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from market.auctions.terms import Award, Offer, Terms


class Lot(NamedTuple):
    """One ticket for sale, and the sealed bids for it in order of arrival."""

    ticket: int
    terms: Terms
    offers: Sequence[Offer]


Pricing = Callable[[Sequence[Lot]], Sequence[Award | None]]
"""A pricing rule: one award, or None, for each lot. A bidder never pays more than it offered for the lot."""
