"""A market maker of one's own: it rests on both sides of the order book and lives on the spread."""

from strategies import Ask, Bid, Buyer, Cancel, Series, View
from strategies.purse import Purse
from strategies.valuation import sale_value


class TwoSided(Buyer):
    """Bids below and asks above a middle: the last price, or what is left in the ticket where that is less.

    An order of its own may be filled while the next ones are on their way. What names it then is refused
    (`unknown_order`, `not_owner` among the violations of a run), and costs nothing.
    """

    def __init__(self, spread: float = 0.2, inventory: int = 4) -> None:
        """`spread` between bid and ask, as a share of their middle; most tickets."""
        self.spread = spread
        self.inventory = inventory

    def bid(self, view: View) -> list[Cancel | Ask | Bid]:
        """The orders of the slot before go first, then come the new ones."""
        return [*(Cancel(order.id) for order in view.orders), *self.asks(view), *self.bids(view)]

    def middle(self, view: View, series: Series) -> float:
        """Gwei: a ticket that may be drawn for a few blocks more is worth less than one with many."""
        worth = sale_value(view, self.setup, series, 0.0)
        if view.market.last_price_gwei is None:
            return worth
        return min(worth, view.market.last_price_gwei)

    def asks(self, view: View) -> list[Ask]:
        """All tickets that may be sold now."""
        allows = self.setup.resale.allows
        own = [ticket for ticket in view.tickets if allows(ticket.series.drawn)]
        return [
            Ask(ticket.serial, int((1 + self.spread / 2) * self.middle(view, ticket.series))) for ticket in own
        ]

    def bids(self, view: View) -> list[Bid]:
        """A bid in each book in which someone asks, as far as money, room and the inventory go."""
        purse = Purse(view, self.setup)
        purse.take_back(order for order in view.orders if order.side == "bid")
        found: list[Bid] = []
        for series in self.wanted(view):
            price = int((1 - self.spread / 2) * self.middle(view, series))
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
