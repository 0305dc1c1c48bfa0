"""A first strategy of one's own. It is given a frozen view and returns a list of intents."""

from strategies import AuctionBid, Buyer, View, bids


class Patient(Buyer):
    """Bids for tickets that propose this very block, a margin below what the block is worth to it."""

    def __init__(self, margin: float = 0.05) -> None:
        """`margin` below the own value, as a share of it."""
        self.margin = margin

    def bid(self, view: View) -> list[AuctionBid]:
        cost = view.cost(view.slot)
        if cost is None:  # it cannot build, and has no use for the block
            return []
        value = view.outlook.expected_surplus(view.slot, cost)
        due = [auction for auction in view.auctions if auction.block == view.slot]
        return bids(view, due, lambda _: (1 - self.margin) * value, self.setup.entry_gwei)
