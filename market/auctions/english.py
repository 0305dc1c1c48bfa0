"""English clock: the price rises from the reserve in ticks until one bidder is left.

Bidders leave their drop-out prices with the clock, which stops where the last rival drops out. With a tick of
1 Gwei this is the second-highest drop-out price, as in a sealed second-price sale.
"""

from __future__ import annotations

from market.auctions.clearing import sold
from market.auctions.format import AuctionFormat
from market.auctions.terms import Lot, Payment


def english(lot: Lot) -> list[Payment]:
    """A bidder drops out at the first tick at or above its drop-out price.

    Where the last ones drop out together, the earliest of them to arrive wins at the highest tick that none of
    them had refused.
    """
    terms = lot.terms
    active = [offer for offer in lot.offers if offer.price >= terms.reserve]
    if not active:
        return []
    ticks = {offer.bidder: -(-(offer.price - terms.reserve) // terms.tick) for offer in active}
    last = max(ticks.values())
    finalists = [offer for offer in active if ticks[offer.bidder] == last]
    winner = finalists[0]
    rivals = [ticks[offer.bidder] for offer in active if offer.bidder != winner.bidder]
    price = terms.reserve + max(rivals, default=0) * terms.tick
    if price > min(offer.price for offer in finalists):
        price -= terms.tick
    return sold(winner.bidder, price)


ENGLISH = AuctionFormat(code=2, clear=english, is_clock=True)
