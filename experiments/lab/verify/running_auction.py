"""An auction that is open in the replay."""

from __future__ import annotations

from experiments.lab.verify.deed import Deed
from experiments.lab.verify.premises import Premises
from experiments.lab.verify.rows import AuctionRow, BidRow
from market.auctions import Lot, Offer


class RunningAuction:
    """An open auction. `row` is what the table will say of it when it has closed. `is_of_ticket`: a ticket is for
    sale, and not the building of a block. `listing_hash`: what bids name it by, once it is known."""

    def __init__(self, row: AuctionRow, deed: Deed | None) -> None:
        self.row = row
        self.deed = deed
        self.is_of_ticket = row.market in ("primary", "secondary")
        self.listing_hash: bytes | None = None
        self.bids: dict[str, BidRow] = {}
        self.entered: set[str] = set()

    def offers(self, premises: Premises) -> list[Offer]:
        """The standing bids in order of arrival."""
        return [Offer(premises.numbers[bidder], bid.price_gwei) for bidder, bid in self.bids.items()]

    def lot(self, premises: Premises) -> Lot:
        """The sale as a pricing rule sees it."""
        numbers = [bid.bid for bid in self.bids.values()]
        return Lot(self.row.ticket or 0, self.row.terms, self.offers(premises), numbers)
