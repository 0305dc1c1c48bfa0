"""Players of the literature's games, for runs of the market."""

from __future__ import annotations

from collections.abc import Sequence

from chain.money import GWEI_PER_ETH, eth_to_gwei
from market.intents import AuctionBid, Intent, OpenAuction
from market.view import View
from strategies.base import Seller, Strategy
from strategies.theory.sale_and_resale import WeakAndStrong
from strategies.theory.ticket_contest import tullock_contest

REWARD = 2.0
PAIR = WeakAndStrong(1.0, 2.0)


class WeakOrStrong(Strategy):
    """Hafalir and Krishna (2008): bids (a_w + a_s) q/4 for the next block; a weak winner makes one offer.

    The strong buyer's value is 2 − θ with θ ~ U[0, 2], the weak one's half of that.
    """

    roles = frozenset({"seller", "buyer"})

    def __init__(self, top: float) -> None:
        self.top = top

    def quantile(self, view: View, block: int) -> float:
        """The place of the own value of a block among all."""
        cost = view.cost(block)
        assert cost is not None
        return (REWARD - cost / GWEI_PER_ETH) / REWARD

    def primary(self, view: View) -> Sequence[Intent]:
        return [
            AuctionBid(lot.id, self.first_bid(view, lot.block)) for lot in view.auctions if lot.block is not None
        ]

    def first_bid(self, view: View, block: int) -> int:
        """Gwei, for the right to a block."""
        return eth_to_gwei(float(PAIR.bid(self.quantile(view, block))))

    def offer(self, view: View) -> Sequence[Intent]:
        if self.top > PAIR.weak:
            return ()
        price = float(PAIR.offer(self.quantile(view, view.slot)))
        due = [ticket for ticket in view.tickets if ticket.last_block == view.slot]
        return [OpenAuction(ticket.serial, "second_price", eth_to_gwei(price)) for ticket in due]

    def bid(self, view: View) -> Sequence[Intent]:
        value = eth_to_gwei(self.top * self.quantile(view, view.slot))
        others = [auction for auction in view.auctions if auction.seller != view.account]
        return [AuctionBid(auction.id, value) for auction in others if auction.reserve_gwei <= value]


class Contestant(Seller):
    """Neuder, Garimidi and Roughgarden (2024): spends its equilibrium outlay on each ticket."""

    def __init__(self, values: list[float], place: int, factor: float = 1.0) -> None:
        self.outlay = eth_to_gwei(factor * float(tullock_contest(values).outlays[place]))

    def primary(self, view: View) -> Sequence[Intent]:
        return [AuctionBid(lot.id, self.outlay) for lot in view.auctions] if self.outlay else ()


class Collector(Seller):
    """Buys tickets while it has fewer than `most`, but in the first `rest` slots of every `cycle`."""

    def __init__(self, most: int, price: int, rest: int = 0, cycle: int = 1) -> None:
        self.most = most
        self.price = price
        self.rest = rest
        self.cycle = cycle

    def primary(self, view: View) -> Sequence[Intent]:
        room = 0 if view.slot % self.cycle < self.rest else max(self.most - len(view.tickets), 0)
        return [AuctionBid(lot.id, self.price) for lot in view.auctions[:room]]
