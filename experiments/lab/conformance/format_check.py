"""A check of a sale format before it goes into a run: random sales, and what the market needs of every answer.

- payments alone, each of a bidder of the lot, once, for whole Gwei and at most what it offered; one wins at most;
- the same bids bring the same payments; the lot is left as it was, and nothing is raised.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from chain.errors import Refused
from chain.interruption import is_interruption
from chain.wording import shown, told
from experiments.lab.conformance.pricing_check import SALES, random_sale
from experiments.lab.conformance.pricing_history import hint_of_empty
from market.auctions import Clearing, Lot, clearings
from market.auctions.clearing import many
from market.auctions.format import Clear
from market.making import making_remedy


class FormatFault(Exception):
    """A format does not keep what the market needs."""


class FormatReport(NamedTuple):
    """What was checked: sales, how many had a bid, how many were sold, how many of these for less than the
    reserve, and in how many someone paid who did not win."""

    sales: int
    wanted: int
    sold: int
    below: int
    losers: int

    def __str__(self) -> str:
        paid = f", losers paid in {self.losers:,}" if self.losers else ""
        return (
            f"sound over {self.sales:,} random sales, {self.wanted:,} of them with bids; {self.sold:,} sold{paid}"
        )

    @property
    def warnings(self) -> list[str]:
        """What a format may do and is hardly meant."""
        found = []
        if not self.sold:
            found.append("nothing was ever sold: who wins lot 0 has wins=0, as in Payment(0, bidder, price, 0)")
        if self.below:
            found.append(f"{self.below:,} lots were sold for less than their reserve, lot.terms.reserve")
        return found


def check_format(clear: Clear, sales: int = SALES, seed: int = 0) -> FormatReport:
    """Hold `sales` times some random sales by `clear`. Raises `FormatFault` at the first broken promise."""
    if not callable(clear) or isinstance(clear, type):
        raise FormatFault(f"{shown(clear)} is no sale format; give the function itself, def clear(lot)")
    rng = np.random.default_rng(seed)
    lots = [lot for _ in range(sales) for lot in random_sale(rng)]
    ends = [answer(clear, lot, number) for number, lot in enumerate(lots)]
    won = [(lot, end.sale) for lot, end in zip(lots, ends, strict=True) if end.sale is not None]
    return FormatReport(
        sales=len(lots),
        wanted=sum(bool(lot.offers) for lot in lots),
        sold=len(won),
        below=sum(sale.price < lot.terms.reserve for lot, sale in won),
        losers=sum(len(end.paid) > len(end.winners) for end in ends),
    )


def answer(clear: Clear, lot: Lot, number: int) -> Clearing:
    """How one sale ends. Raises `FormatFault`."""
    before = lot._replace(offers=tuple(lot.offers))
    first, second = (asked(clear, lot, number) for _ in range(2))
    if before != lot._replace(offers=tuple(lot.offers)):
        raise FormatFault(f"sale {number}: the format changed the lot; it may only read it")
    if first != second:
        raise FormatFault(
            f"sale {number}: the format answered {shown(first)}, and {shown(second)} when it was asked again; "
            "a format has no chance and no memory"
        )
    return first


def asked(clear: Clear, lot: Lot, number: int) -> Clearing:
    """What the format answers. Raises `FormatFault` for what it raises, and for what the market would not take."""
    try:
        payments = many(clear(lot))
    except Refused as refusal:
        raise FormatFault(f"sale {number}: {refusal}") from refusal
    except BaseException as error:  # a format of the user's own may raise anything
        if is_interruption(error):
            raise
        raise FormatFault(f"sale {number}: the format raised {told(error)}{hint(error)}") from error
    try:
        (clearing,) = clearings([lot], payments)
    except Refused as refusal:
        raise FormatFault(f"sale {number}: {refusal}") from refusal
    return clearing


def hint(error: BaseException) -> str:
    """What helps where nothing was returned."""
    if type(error) is TypeError and "'NoneType' object is not iterable" in str(error):
        return "; return a list of payments, empty where nothing is sold: is a return missing?"
    return making_remedy(error) or hint_of_empty(error)
