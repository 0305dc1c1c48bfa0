"""What a pricing rule of one's own sees: nothing in it can be changed."""

from __future__ import annotations

from typing import NamedTuple

from chain.near_names import tells_near
from market.primary.chance import Chance

MOST_SALES = 256
"""So many past sales are shown."""


@tells_near()
class PastSale(NamedTuple):
    """A ticket that the protocol sold: when, to whom, and at what price, Gwei."""

    slot: int
    ticket: int
    buyer: int
    price_gwei: int


@tells_near()
class SaleView(NamedTuple):
    """The primary market at one moment. `slot` is −1 before block 0.

    `held`: the live tickets of participants; `unsold`: those that the protocol could sell now; `supply`: all that
    there are, or where the supply is elastic those that it may sell in a slot. `reserve_gwei` and `cap` are the
    config's: the lowest price, and the most tickets sold in a slot (None: any number). `resale_gwei` is the last
    price among participants, None before the first; `sales` are the protocol's last ones, the latest at the end.

    `chance(n, key)` is a whole number below `n`, drawn once for a `key` (≥ 0) from the run's seed: the only source
    of chance.
    """

    slot: int
    held: int
    unsold: int
    supply: int
    reserve_gwei: int
    cap: int | None
    resale_gwei: int | None
    sales: tuple[PastSale, ...]
    chance: Chance

    @property
    def last_gwei(self) -> int | None:
        """The price of the protocol's last sale; None before the first."""
        return self.sales[-1].price_gwei if self.sales else None
