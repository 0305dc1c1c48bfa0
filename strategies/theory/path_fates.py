"""When tickets for a window are sold and exercised along paths of rewards, where only the paths show their law."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from strategies.theory.buyer_types import Types
from strategies.theory.curve import Curve
from strategies.theory.laws import Array
from strategies.theory.path_sale import Beliefs, Sample, no_waiting
from strategies.theory.ticket_sale import SaleTerms, sell
from strategies.theory.window import BlockRight
from strategies.theory.window_fates import Fates, note, nothing
from strategies.theory.winner import CostCells, cost_cells, winner


def path_fates(terms: SaleTerms, sample: Sample, beliefs: Beliefs, blocks: npt.NDArray[np.int64]) -> Fates:
    """What becomes of tickets offered at `blocks`, (n,), one on each path; every buyer knows its cost."""
    cells = cost_cells(terms.cost, terms.crowd(slice(terms.maturity, terms.maturity + 1)).most)
    fates = nothing(terms.maturity)
    held = np.zeros((len(sample.rewards), cells.costs.size))
    for block in range(terms.maturity + 1):
        offered = blocks == block
        held[offered] = buyers_at(terms, sample, beliefs, block, offered, cells)
        fates.tried[block] = offered.mean()
        fates.sold[block] = held[offered].sum() / len(held)
        takes = sample.rewards[:, block, None] - cells.costs >= waiting_at(sample, beliefs, block)(cells.costs)
        taken = np.where(takes, held, 0.0)
        by_sale = np.bincount(blocks, weights=taken.sum(axis=1), minlength=block + 1) / len(held)
        for since in range(block + 1):
            note(fates, block, block - since, float(by_sale[since]))
        held = held - taken
    return fates


def buyers_at(
    terms: SaleTerms,
    sample: Sample,
    beliefs: Beliefs,
    block: int,
    offered: npt.NDArray[np.bool_],
    cells: CostCells,
) -> Array:
    """The chance that each cell of costs buys on the paths where the ticket is offered, (offered, N)."""
    if not offered.any():
        return np.zeros((0, cells.costs.size))
    waiting = waiting_at(sample, beliefs, block)
    if len(waiting.values) > 1:
        waiting = Curve(waiting.low, waiting.high, waiting.values[offered])
    right = BlockRight(sample.rewards[offered, block, None], waiting)
    types = Types(terms.cost, right.worth)
    sale = sell(terms, slice(block, block + 1), types, np.zeros((1, 1)), np.zeros(1))
    return np.broadcast_to(winner(terms, block, sale, cells, None).aware, (int(offered.sum()), cells.costs.size))


def waiting_at(sample: Sample, beliefs: Beliefs, block: int) -> Curve:
    """What passing a block is worth on each path."""
    if block == sample.last:
        return no_waiting(beliefs.grid)
    return beliefs.worth(block, sample.features(block))
