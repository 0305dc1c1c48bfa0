"""A seller of one's own: it buys tickets from the protocol and auctions each of them, at a price of its own."""

from strategies import AuctionBid, OpenAuction, Seller, View, bids


class Steady(Seller):
    """Pays a share of what a block brings on average, and sells by auction, with the rest as its profit."""

    def __init__(self, share: float = 0.6, markup: float = 0.1, capacity: int = 8) -> None:
        """`share` of the expected reward that it pays; `markup` on that in its reserve; most tickets to hold."""
        self.share = share
        self.markup = markup
        self.capacity = capacity

    def price(self, view: View) -> int:
        """What it pays for a ticket, whole Gwei."""
        return int(self.share * view.outlook.expected_reward(view.slot + 1))

    def primary(self, view: View) -> list[AuctionBid]:
        """Bids for the tickets of the latest dates, as many as it has room for."""
        room = max(self.capacity - len(view.tickets), 0)
        return bids(view, view.auctions[::-1], lambda _: self.price(view))[:room]

    def offer(self, view: View) -> list[OpenAuction]:
        reserve = int((1 + self.markup) * self.price(view))
        allows = self.setup.resale.allows
        mine = [ticket for ticket in view.tickets if not ticket.listed and allows(ticket.drawn_for is not None)]
        return [OpenAuction(ticket.serial, "second_price", reserve_gwei=reserve) for ticket in mine]
