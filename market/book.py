"""The limit order book of one series: price, then time.

Every order is for one ticket, so an incoming order fills against one resting order, rests, or dies. The two
sides are kept alike by rank: a bid's price, an ask's price negated, so that the best level of either side has the
greatest rank and two orders meet when their ranks add up to 0 or more. Levels are insertion-ordered
dictionaries; their ranks are a sorted list with the best one last.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence

BID = True
ASK = False

HOLES = 1024  # removals after which the levels are written anew
NO_FILL: tuple[None, tuple[()]] = (None, ())

Resting = tuple[int, int, bool, int]
"""An order in the book: its id, its account, its side, its rank."""


class Book:
    """The resting bids and asks of one series, by order id."""

    __slots__ = ("_holes", "_levels", "_orders", "_ranks")

    def __init__(self) -> None:
        self._orders: dict[int, Resting] = {}
        self._levels: tuple[dict[int, dict[int, Resting]], ...] = ({}, {})  # asks, bids
        self._ranks: tuple[list[int], list[int]] = ([], [])
        self._holes = 0

    def __len__(self) -> int:
        return len(self._orders)

    def __contains__(self, id: int) -> bool:
        return id in self._orders

    def ids(self) -> list[int]:
        """The ids of all resting orders, oldest first."""
        return list(self._orders)

    def rest(self, id: int, account: int, side: bool, price: int) -> None:
        """Let an order rest behind the others of its price. It must not cross: see `take`."""
        rank = price
        if not side:
            rank = -price
        levels = self._levels[side]
        level = levels.get(rank)
        if level is None:
            level = levels[rank] = {}
            insort(self._ranks[side], rank)
        level[id] = self._orders[id] = (id, account, side, rank)

    def remove(self, id: int) -> None:
        """Take an order out. Raises `KeyError` where none of this id rests."""
        _, _, side, rank = self._orders.pop(id)
        level = self._levels[side][rank]
        del level[id]
        self._holes += 1
        if self._holes == HOLES:
            self._compact()
        if not level:
            del self._levels[side][rank]
            ranks = self._ranks[side]
            if ranks[-1] == rank:
                ranks.pop()
            else:
                del ranks[bisect_left(ranks, rank)]

    def _compact(self) -> None:
        # A dictionary keeps a hole for each removed item and looks through them for its first one.
        for levels in self._levels:
            for rank, level in levels.items():
                levels[rank] = dict(level)
        self._holes = 0

    def crossed(self, side: bool, price: int | None) -> int | None:
        """The id of the resting order that an incoming one at `price` (None: any price) meets first, or None."""
        ranks = self._ranks[not side]
        if not ranks or (price is not None and (price if side else -price) + ranks[-1] < 0):
            return None
        return next(iter(self._levels[not side][ranks[-1]]))

    def counterpart(self, account: int, side: bool, price: int | None) -> int | None:
        """The id of the resting order of another account that an incoming one would fill, or None."""
        for rank in reversed(self._ranks[not side]):
            if price is not None and (price if side else -price) + rank < 0:
                return None
            for id, maker, _, _ in self._levels[not side][rank].values():
                if maker != account:
                    return id
        return None

    def take(self, account: int, side: bool, price: int | None) -> tuple[int | None, Sequence[int]]:
        """Fill an incoming order: the id of its maker, now out of the book, or None.

        Self-trade prevention: the account's own orders that would be met first are taken out too; their ids
        come second.
        """
        id = self.crossed(side, price)
        if id is None:
            return NO_FILL
        own: list[int] = []
        while id is not None:
            maker = self._orders[id][1]
            self.remove(id)
            if maker != account:
                return id, own
            own.append(id)
            id = self.crossed(side, price)
        return None, own

    def price(self, id: int) -> int:
        """The price of a resting order, Gwei."""
        return abs(self._orders[id][3])

    def best(self, side: bool) -> int | None:
        """The best bid or ask, Gwei."""
        ranks = self._ranks[side]
        if ranks:
            return abs(ranks[-1])
        return None

    def depth(self, side: bool) -> list[tuple[int, int]]:
        """Price and number of orders of each level, best first."""
        levels = self._levels[side]
        return [(abs(rank), len(levels[rank])) for rank in reversed(self._ranks[side])]
