"""The last prices at which rights of each kind were sold, as everyone sees them."""

from __future__ import annotations

from typing import NamedTuple

from chain.named_tuples import make
from chain.near_names import tells_near

MOST_PRICES = 64
"""So many of each kind are shown."""


@tells_near()
class PastPrices(NamedTuple):
    """Prices in Gwei by market, the latest at the end: of tickets sold by the protocol and by participants, of the
    right to build a later block and of that to build the present one."""

    primary: tuple[int, ...] = ()
    secondary: tuple[int, ...] = ()
    building: tuple[int, ...] = ()
    block: tuple[int, ...] = ()


class PublicPrices:
    """Keeps the last prices of each market, and hands out the same copy until there is another sale."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[int, ...]] = dict.fromkeys(PastPrices._fields, ())
        self._shown: PastPrices | None = PastPrices()

    def add(self, market: str, price: int) -> None:
        """One sale more."""
        self._kept[market] = (*self._kept[market][1 - MOST_PRICES :], price)
        self._shown = None

    @property
    def shown(self) -> PastPrices:
        """What everyone sees."""
        if self._shown is None:
            self._shown = make(PastPrices, self._kept.values())
        return self._shown
