"""A pricing rule of one's own for the protocol's sale: who wins pays the middle of the two highest bids."""

from collections.abc import Sequence

from market import Award, Lot


def pricing(lots: Sequence[Lot]) -> list[Award | None]:
    """One award, or None, for each lot."""
    return [award(lot) for lot in lots]


def award(lot: Lot) -> Award | None:
    """The highest bid wins, the earlier of two; alone it pays the middle of its bid and the reserve."""
    if not lot.offers:
        return None
    first, *rest = sorted(lot.offers, key=lambda offer: -offer.price)
    second = rest[0].price if rest else lot.terms.reserve
    return Award(first.bidder, (first.price + second) // 2)
