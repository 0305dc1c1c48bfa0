"""A check of a pricing rule before it goes into a run: random sales, and what the market needs of every answer.

- an award or None for each lot, each award to a bidder of that lot, for whole Gwei and at most what it offered;
- the same bids bring the same awards: the auditor asks the rule again, in another process;
- the lots are left as they were, and nothing is raised.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from chain.errors import Refused
from chain.interruption import is_interruption
from chain.wording import shown, told
from market.auctions.terms import Award, Lot, Offer, Terms
from market.primary.by_lot import Pricing, check_awards

SALES = 500
MOST_LOTS = 6
BIDDERS = 5
PRICES = (1, 7, 10**6, 10**8, 10**9, 10**12)
"""Of the order of so many Gwei are the bids of a sale."""


class PricingFault(Exception):
    """A pricing rule does not keep what the market needs."""


class PricingReport(NamedTuple):
    """What was checked: sales and their lots, how many had a bid, how many were sold, and how many of these for
    less than the reserve."""

    sales: int
    lots: int
    wanted: int
    sold: int
    below: int

    def __str__(self) -> str:
        return (
            f"sound over {self.sales} random sales, {self.lots:,} lots, {self.wanted:,} of them with bids; "
            f"{self.sold:,} sold"
        )

    @property
    def warnings(self) -> list[str]:
        """What a rule may do and is hardly meant."""
        found = []
        if not self.sold:
            found.append("no lot was ever sold: None is no sale; is an Award(bidder, price) never returned?")
        if self.below:
            found.append(f"{self.below:,} lots were sold for less than their reserve, lot.terms.reserve")
        return found


def check_pricing(pricing: Pricing, sales: int = SALES, seed: int = 0) -> PricingReport:
    """Hold `sales` random sales under `pricing`. Raises `PricingFault` at the first broken promise."""
    rng = np.random.default_rng(seed)
    lots = wanted = sold = below = 0
    for number in range(sales):
        sale = random_sale(rng)
        awards = answer(pricing, sale, number)
        lots += len(sale)
        wanted += sum(bool(lot.offers) for lot in sale)
        won = [(lot, award) for lot, award in zip(sale, awards, strict=True) if award is not None]
        sold += len(won)
        below += sum(award.price < lot.terms.reserve for lot, award in won)
    return PricingReport(sales, lots, wanted, sold, below)


def answer(pricing: Pricing, sale: Sequence[Lot], number: int) -> list[Award | None]:
    """The awards of one sale. Raises `PricingFault`."""
    before = [Lot(*lot)._replace(offers=tuple(lot.offers)) for lot in sale]
    first, second = (asked(pricing, sale, number) for _ in range(2))
    if before != [lot._replace(offers=tuple(lot.offers)) for lot in sale]:
        raise PricingFault(f"sale {number}: the rule changed the lots; it may only read them")
    if first != second:
        raise PricingFault(
            f"sale {number}: the rule answered {shown(first)}, and {shown(second)} when it was asked again; "
            "a rule has no chance and no memory"
        )
    return first


def asked(pricing: Pricing, sale: Sequence[Lot], number: int) -> list[Award | None]:
    """What the rule answers. Raises `PricingFault` for what it raises, and for what the market would not take."""
    try:
        awards = list(pricing(sale))
    except BaseException as error:  # a rule of the user's own may raise anything
        if is_interruption(error):
            raise
        raise PricingFault(f"sale {number}: the rule raised {told(error)}{hint(error)}") from error
    try:
        check_awards(sale, awards)
    except Refused as refusal:
        raise PricingFault(f"sale {number}: {refusal}") from refusal
    return awards


def hint(error: BaseException) -> str:
    """What helps where nothing was returned."""
    if type(error) is TypeError and "'NoneType' object is not iterable" in str(error):
        return "; return a list with an Award or None for each lot: is a return missing?"
    if type(error) in (ValueError, IndexError):
        return "; a lot may have no offers"
    return ""


def random_sale(rng: np.random.Generator) -> list[Lot]:
    """One to six lots of one reserve, each with bids of up to five accounts, ties among them, or with none."""
    scale = int(rng.choice(PRICES))
    reserve = int(rng.choice([0, 0, 1, scale]))
    terms = Terms(reserve, start=reserve + 2 * scale, tick=max(scale // 10, 1))
    first = int(rng.integers(0, 1000))
    count = int(rng.integers(1, MOST_LOTS + 1))
    return [random_lot(rng, first + number, terms, scale) for number in range(count)]


def random_lot(rng: np.random.Generator, ticket: int, terms: Terms, scale: int) -> Lot:
    """A lot with its bids, none of them below the reserve."""
    bidders = rng.permutation(BIDDERS)[: rng.integers(0, BIDDERS + 1)] + 1
    prices = terms.reserve + rng.integers(0, 2 * scale + 1, len(bidders))
    if rng.random() < 0.2:
        prices[:] = terms.reserve
    offers = [Offer(bidder, price) for bidder, price in zip(bidders.tolist(), prices.tolist(), strict=True)]
    return Lot(ticket, terms, offers, tuple(range(len(offers))))
