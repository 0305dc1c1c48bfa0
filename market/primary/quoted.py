"""Sales at a price that the protocol quotes."""

from __future__ import annotations

from abc import abstractmethod
from collections import deque
from collections.abc import Sequence

from market.auctions.terms import Lot, Payment, Terms
from market.primary.rule import Price, Rule
from market.primary.unit import Unit, units

MOST_GWEI = 2**62
"""No price is higher: twice that would not fit into a column of a table."""


class Quoted(Rule):
    """Buyers are served in turns at the price of the next ticket, which they see beforehand: it is the reserve of
    the lot. The price is never below the rule's reserve, nor below 1 Gwei."""

    @property
    @abstractmethod
    def price(self) -> Price: ...

    def clear(self, lots: Sequence[Lot]) -> list[Payment]:
        return in_turns(lots)

    def clamp(self, price: float) -> float:
        """The price within its bounds, Gwei."""
        return min(max(price, self.reserve, 1), MOST_GWEI)


class Controlled(Quoted):
    """One price for all tickets of a slot, which is multiplied by a factor from sale to sale.

    What is remembered is a number of Gwei that need not be whole, so that a low price can rise again.
    """

    def __init__(self, start: float, reserve: int = 0, cap: int | None = None) -> None:
        super().__init__(reserve, cap)
        self._now = self._before = self.clamp(start)

    @property
    def price(self) -> Price:
        return Price(round(self._now), round(self._before))

    def terms(self, held: int, count: int) -> list[Terms]:  # noqa: ARG002
        return [Terms(self.price.now_gwei)] * count

    def move(self, factor: float) -> None:
        """Multiply the price."""
        self._before, self._now = self._now, self.clamp(self._now * factor)


def in_turns(lots: Sequence[Lot]) -> list[Payment]:
    """Buyers in order of arrival take one ticket each, then those who want more a second one, and so on.

    They do as long as there are lots and the price, which is the reserve of the next lot, is within a bid. Prices
    do not fall from lot to lot.
    """
    queue = deque(wishes(lots))
    payments: list[Payment] = []
    while queue and len(payments) < len(lots):
        mine = queue.popleft()
        price = lots[len(payments)].terms.reserve
        if mine[-1].limit >= price:
            payments.append(mine.pop().pays(price, len(payments)))
            if mine:
                queue.append(mine)
    return payments


def wishes(lots: Sequence[Lot]) -> list[list[Unit]]:
    """Each buyer's bids, the highest last; buyers in the order in which the first of their bids came."""
    by_buyer: dict[int, list[Unit]] = {}
    for unit in units(lots):
        by_buyer.setdefault(unit.bidder, []).append(unit)
    return [sorted(mine, key=lambda unit: unit.limit) for mine in by_buyer.values()]
