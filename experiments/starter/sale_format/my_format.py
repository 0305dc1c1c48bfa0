"""A sale format of one's own: the highest bid wins and pays the middle of its bid and the next one."""

from market import Lot, Payment


def clear(lot: Lot) -> list[Payment]:
    """Who pays what, and who gets lot 0, the one that is for sale; nothing where nobody bids."""
    if not lot.offers:
        return []
    first, *rest = sorted(lot.offers, key=lambda offer: -offer.price)
    second = rest[0].price if rest else lot.terms.reserve
    return [Payment(0, first.bidder, (first.price + second) // 2, wins=0)]
