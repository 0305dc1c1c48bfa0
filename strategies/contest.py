"""A sale as the theory sees it: what is for sale, to how many, on which terms. ETH at the block that is for sale."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from strategies.prospect import Prospect, types_of
from strategies.theory.buyer_types import Types
from strategies.theory.crowd import Arrived, Crowd, Fixed, Thinned
from strategies.theory.entry import informed_entry, silent_above
from strategies.theory.laws import Array
from strategies.theory.quadrature import nodes_between
from strategies.theory.sale import uninformed_sale

PIECES = 64
"""Pieces between whose ends first-price bids are interpolated."""


class Contest(NamedTuple):
    """The sale of a block's `prospect` to `buyers`, or (None) to a Poisson number of them with mean `present`.

    `informed` is the share of buyers who know their costs; `entry_cost` and `reserve` weigh as much as those
    at the sale.
    """

    prospect: Prospect
    buyers: int | None
    present: float
    informed: float
    entry_cost: float
    reserve: float

    @property
    def crowd(self) -> Crowd:
        """How many buyers there are."""
        return Arrived(np.array([self.present])) if self.buyers is None else Fixed(self.buyers)

    @property
    def types(self) -> Types:
        """Who they are."""
        return types_of(self.prospect)

    def unrivalled(self, rank: float) -> float:
        """The chance that a buyer has no rival who ranks up to `rank`."""
        if self.buyers is not None:
            return float((1 - rank) ** (self.buyers - 1))
        return float(np.exp(-self.present * rank))


@lru_cache(maxsize=1024)
def entry_chance(contest: Contest) -> float:
    """The chance with which buyers enter who learn their costs only then. Source: Levin and Smith (1994)."""
    terms = (np.array(contest.entry_cost), np.array(contest.reserve))
    sale = uninformed_sale(contest.types, np.ones(1), contest.crowd, *terms)
    return float(np.ravel(sale.probability)[0])


@lru_cache(maxsize=1024)
def first_price_bids(contest: Contest, chance: float) -> tuple[Array, Array]:
    """Ranks of buyers up to the last who bids, and their first-price bids, both (PIECES + 1,).

    b(u) A(u) = r A(u*) + ∫_u^{u*} v(s) dP(the best rival ranks s), A(u) the chance that no rival ranks up to u, u*
    the last who bids: one expects to pay as in a second-price sale. `chance` is that with which uninformed buyers
    enter, 1 where entry is informed. Source: Krishna (2010), sections 2.3 and 2.5.
    """
    crowd = contest.crowd if chance == 1 else Thinned(contest.crowd, np.array([chance]))
    worth = contest.types.own_worth
    if chance == 1 and contest.entry_cost > 0:
        last = informed_entry(worth, crowd, contest.entry_cost, contest.reserve)
    else:
        last = silent_above(worth, np.array(contest.reserve))
    ranks = np.linspace(0, float(last), PIECES + 1)
    nodes, weights = nodes_between(np.stack((ranks[:-1], ranks[1:]), axis=-1))
    gains = (worth(nodes) * crowd.rival(nodes) * weights).sum(axis=-1)
    paid = np.append(np.cumsum(gains[::-1])[::-1], 0.0) + contest.reserve * crowd.unrivalled(ranks[-1:])
    alone = crowd.unrivalled(ranks)
    return ranks, np.where(alone > 0, paid / np.where(alone > 0, alone, 1.0), worth(ranks))
