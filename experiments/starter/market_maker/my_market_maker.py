"""A market maker of one's own: it rests on both sides of the order book and lives on the spread."""

from strategies import Ask, Bid, Buyer, Cancel, Series, View
from strategies.purse import Purse


class TwoSided(Buyer):
    """Bids below and asks above a middle: the last price, or else a share of the expected reward."""

    def __init__(self, spread: float = 0.2, first: float = 0.3, inventory: int = 4) -> None:
        """`spread` between bid and ask; `first`, the share of the expected reward to begin with; most tickets."""
        self.spread = spread
        self.first = first
        self.inventory = inventory

    def bid(self, view: View) -> list[Cancel | Ask | Bid]:
        """The orders of the slot before go first, then come the new ones."""
        return [*(Cancel(order.id) for order in view.orders), *self.asks(view), *self.bids(view)]

    def middle(self, view: View) -> float:
        """Gwei."""
        if view.market.last_price_gwei is not None:
            return view.market.last_price_gwei
        return self.first * view.outlook.expected_reward(view.slot + 1)

    def asks(self, view: View) -> list[Ask]:
        price = int((1 + self.spread / 2) * self.middle(view))
        allows = self.setup.resale.allows
        return [Ask(ticket.serial, price) for ticket in view.tickets if allows(ticket.drawn_for is not None)]

    def bids(self, view: View) -> list[Bid]:
        """A bid in each book in which someone asks, as far as money, room and the inventory go."""
        price = int((1 - self.spread / 2) * self.middle(view))
        purse = Purse(view, self.setup)
        purse.take_back(order for order in view.orders if order.side == "bid")
        found: list[Bid] = []
        for series in self.wanted(view):
            if not 0 < price <= purse.most or len(view.tickets) + len(found) >= self.inventory:
                break
            purse.pay(price)
            found.append(Bid(series, price))
        return found

    def wanted(self, view: View) -> list[Series]:
        """The books that others quote in, and that are open."""
        allows = self.setup.resale.allows
        return [
            quote.series
            for quote in view.market.quotes
            if quote.ask_gwei is not None and allows(quote.series.drawn)
        ]
