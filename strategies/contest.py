"""A sale as the theory sees it: what is for sale, to how many, on which terms. ETH at the block for sale."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from strategies.law_in_eth import LawInEth
from strategies.prospect import Worth, types_of
from strategies.theory.bids import ranked_bid
from strategies.theory.buyer_types import Types
from strategies.theory.crowd import Arrived, Crowd, Fixed, Thinned
from strategies.theory.entry import informed_entry, silent_above
from strategies.theory.laws import Array
from strategies.theory.sale import uninformed_sale
from strategies.theory.special_bids import last_payer, ranked_all_pay_bid, ranked_third_price_bid

PIECES = 128
"""Pieces between whose ends first-price bids are interpolated."""

RANKS = np.linspace(0.0, 1.0, 129)
"""Ranks between which the values that bids rest on are interpolated."""


class SeenLot(NamedTuple):
    """A ticket for sale as one buyer sees it: its `prospect`, the own `cost` in Gwei, None where it is not known.

    `age` is the block of the ticket's life, `informed` the share of buyers who know their costs then; money at the
    sale weighs `growth` times what the prospect is told in.
    """

    prospect: Worth
    cost: int | None
    age: int
    informed: float
    growth: float


class Contest(NamedTuple):
    """The sale of what is worth `prospect` to `buyers`, or (None) to a Poisson number of them with mean `present`.

    `informed` is the share of buyers who know their costs; `entry_cost` and `reserve` weigh as much as those
    at the sale.
    """

    prospect: Worth
    buyers: int | None
    present: float
    informed: float
    entry_cost: float
    reserve: float

    @property
    def crowd(self) -> Crowd:
        """How many buyers there are."""
        if self.buyers is None:
            return Arrived(np.array([self.present]))
        return Fixed(self.buyers)

    @property
    def types(self) -> Types:
        """Who they are."""
        return types_of(self.prospect)

    def worth_at(self, rank: Array) -> Array:
        """What the ticket is worth to the buyer at a rank."""
        values = own_worths(self.prospect)
        return np.asarray(np.interp(rank, RANKS, values))

    def unrivalled(self, rank: float) -> float:
        """The chance that a buyer has no rival who ranks up to `rank`."""
        if self.buyers is not None:
            return float((1 - rank) ** (self.buyers - 1))
        return float(np.exp(-self.present * rank))


@lru_cache(maxsize=1024)
def own_worths(prospect: Worth) -> Array:
    """What a ticket is worth at `RANKS`."""
    return types_of(prospect).own_worth(RANKS)


class BidCurve(NamedTuple):
    """Bids at `PIECES` + 1 even ranks from 0 to `last`, ETH."""

    last: float
    bids: list[float]

    def at(self, rank: float) -> float:
        """The bid at a rank, linear between those of the table."""
        place = 0.0
        if self.last > 0:
            place = min(rank / self.last, 1.0) * PIECES
        left = min(int(place), PIECES - 1)
        return self.bids[left] + (self.bids[left + 1] - self.bids[left]) * (place - left)


@lru_cache(maxsize=1024)
def entry_chance(contest: Contest) -> float:
    """The chance with which buyers enter who learn their costs only then. Source: Levin and Smith (1994)."""
    terms = (np.array(contest.entry_cost), np.array(contest.reserve))
    sale = uninformed_sale(contest.types, np.ones(1), contest.crowd, *terms)
    return float(np.ravel(sale.probability)[0])


@lru_cache(maxsize=1024)
def first_price_bids(contest: Contest, chance: float) -> BidCurve:
    """The first-price bids of those who bid.

    `chance` is that with which uninformed buyers enter, 1 where entry is informed.
    """
    crowd = contest.crowd if chance == 1 else Thinned(contest.crowd, np.array([chance]))
    worth = contest.worth_at
    if chance == 1 and contest.entry_cost > 0:
        last = informed_entry(worth, crowd, contest.entry_cost, contest.reserve)
    else:
        last = silent_above(worth, np.array(contest.reserve))
    ranks = np.linspace(0, float(last), PIECES + 1)
    with np.errstate(invalid="ignore"):
        bids = ranked_bid(ranks, worth, crowd, ranks[-1:], np.array([contest.reserve]))
    bids = np.where(np.isnan(bids), worth(ranks), bids)  # who ranks last of all has no rival below
    return BidCurve(float(last), bids.tolist())


def special_bids(format: str, contest: Contest) -> BidCurve:
    """The bids of those who bid where the winner pays the third price, or all pay.

    ValueError where the theory has none: values with atoms, entry that is not free, buyers who arrive or are
    fewer than three for a third price.
    """
    if contest.types.cost.atoms() or contest.informed < 1:
        raise ValueError(f'format "{format}" has no pure equilibrium where values have atoms')
    if contest.entry_cost > 0:
        raise ValueError(f'format "{format}" has no known equilibrium where entry costs something')
    return SPECIAL_BIDS[format](contest)


@lru_cache(maxsize=1024)
def third_price_bids(contest: Contest) -> BidCurve:
    """The bids where the winner pays the third price, of those who are worth the reserve."""
    if contest.buyers is None:
        raise ValueError('format "third_price" is solved for a number of buyers that all know')
    last = float(silent_above(contest.worth_at, np.array(contest.reserve)))
    costs = contest.types.cost
    if isinstance(costs, LawInEth) and costs.known.is_simulated:
        raise ValueError(
            'format "third_price" needs a law of costs that says its quantiles: draws alone have no slope'
        )
    bids = ranked_third_price_bid(RANKS, contest.worth_at, contest.buyers)
    return BidCurve(last, np.interp(np.linspace(0, last, PIECES + 1), RANKS, bids).tolist())


@lru_cache(maxsize=1024)
def all_pay_bids(contest: Contest) -> BidCurve:
    """The bids where all pay, of those for whom the reserve is worth its risk."""
    last = last_payer(contest.worth_at, contest.crowd, contest.reserve)
    ranks = np.linspace(0, last, PIECES + 1)
    bids = ranked_all_pay_bid(ranks, contest.worth_at, contest.crowd, last, contest.reserve)
    return BidCurve(last, bids.tolist())


SPECIAL_BIDS = {"third_price": third_price_bids, "all_pay": all_pay_bids}
"""The equilibrium bids by format, where a strategy needs a bid of its own."""
