"""A sale format of one's own: the highest bid wins and is paid, and every other bidder pays a half of its own."""

from market import Lot, Payment


def clear(lot: Lot) -> list[Payment]:
    """Bids are in order of arrival: of equal ones the earlier wins. Lot 0 is the one that is for sale."""
    ranked = sorted(lot.offers, key=lambda offer: -offer.price)
    losers = [Payment(0, offer.bidder, offer.price // 2, None) for offer in ranked[1:]]
    return [*(Payment(0, offer.bidder, offer.price, 0) for offer in ranked[:1]), *losers]
