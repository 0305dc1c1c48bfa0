"""Who wins a sale: the law of the winner's cost, in cells of costs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from strategies.theory.crowd import Crowd, Thinned
from strategies.theory.laws import Array, Law
from strategies.theory.sale import uninformed_sale
from strategies.theory.ticket_sale import SaleTable, SaleTerms

CELLS = 24


class CostCells(NamedTuple):
    """Costs in cells: the `edges` of their ranks from 0 to 1, shape (N + 1,), and a cost for each, ETH, (N,)."""

    edges: Array
    costs: Array

    @property
    def chances(self) -> Array:
        """Of a cost that is drawn without knowing it, shape (N,)."""
        return np.diff(self.edges)


class Winner(NamedTuple):
    """Chances that a sale goes to a buyer who knows its cost, by cell, shape (S, N), and to one who does
    not, (S,)."""

    aware: Array
    unaware: Array


class Zone(NamedTuple):
    """Shares of the informed who are worth more than, and at least as much as, one who does not know, (S, 1)."""

    above: Array
    level: Array


def cost_cells(cost: Law, most: int) -> CostCells:
    """Cells even in rank, and even in the rank of the best of `most` buyers."""
    even = np.linspace(0.0, 1.0, CELLS + 1)
    best = 1 - (1 - even) ** (1 / max(most, 1))
    edges = np.unique(np.concatenate((even, best, cost.breaks())))
    return CostCells(edges, cost.ppf((edges[1:] + edges[:-1]) / 2))


def winner(terms: SaleTerms, block: int, row: SaleTable, cells: CostCells, zone: Zone | None) -> Winner:
    """The best of those who bid in the sale of `row`, a table of one block; `zone` None where all know costs."""
    crowd: Crowd = terms.crowd(slice(block, block + 1))
    if terms.rule is uninformed_sale:
        crowd = Thinned(crowd, row.probability[..., None])
    last: Array = row.last[..., None]

    def reached(rank: Array) -> Array:
        """The chance that the best buyer bids and ranks up to `rank`."""
        nobody: Array = crowd.nobody(np.minimum(rank, last))[0]
        return 1 - nobody

    if zone is None:
        return Winner(np.diff(reached(cells.edges)), np.zeros(last.shape[1]))
    share = terms.informed[block]
    better = reached(share * np.minimum(cells.edges, zone.above))
    worse = reached(share * np.maximum(cells.edges, zone.level) + 1 - share)
    between = reached(share * zone.level + 1 - share) - reached(share * zone.above)
    return Winner(np.diff(better) + np.diff(worse), between[..., 0])
