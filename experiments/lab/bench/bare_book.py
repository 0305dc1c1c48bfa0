"""The yardstick for the order book: a bare book of dictionaries and bisect that knows ids, sides and prices.

It has no accounts, hence no self-trade prevention, and records nothing.
"""

from __future__ import annotations

from bisect import bisect_left, insort


class BareBook:
    """Price–time priority and nothing else."""

    def __init__(self) -> None:
        self.levels: tuple[dict[int, dict[int, bool]], dict[int, dict[int, bool]]] = ({}, {})
        self.prices: tuple[list[int], list[int]] = ([], [])
        self.where: dict[int, tuple[bool, int]] = {}

    def limit(self, id: int, side: bool, price: int) -> int | None:
        """Fill against the best opposite order, or rest."""
        others = self.prices[not side]
        if others and (others[0] <= price if side else others[-1] >= price):
            return self.pop(not side)
        level = self.levels[side].get(price)
        if level is None:
            level = self.levels[side][price] = {}
            insort(self.prices[side], price)
        level[id] = True
        self.where[id] = (side, price)
        return None

    def market(self, side: bool) -> int | None:
        """Fill against the best opposite order, if there is one."""
        if self.prices[not side]:
            return self.pop(not side)
        return None

    def cancel(self, id: int) -> None:
        """Take an order out."""
        side, price = self.where.pop(id)
        level = self.levels[side][price]
        del level[id]
        if not level:
            del self.levels[side][price]
            prices = self.prices[side]
            del prices[bisect_left(prices, price)]

    def pop(self, side: bool) -> int:
        """Take out the best order of a side."""
        price = self.prices[side][-1 if side else 0]
        id = next(iter(self.levels[side][price]))
        self.cancel(id)
        return id
