"""When holders sell: the block of the sale, and the blocks left to maturity."""

from __future__ import annotations

from typing import Any

import numpy as np

from experiments.lab.metrics.averages import present, ratio
from experiments.lab.metrics.columns import Columns, Floats, Integers, having, numbers


def sale_blocks(trades: Columns) -> Floats:
    """The block of each resale since the ticket's first session: the model's own t."""
    return numbers(trades["age"])[having(trades["market"], "secondary")]


def blocks_to_maturity(trades: Columns) -> Floats:
    """The blocks that were left to the ticket's maturity at each resale; NaN where tickets do not expire."""
    return numbers(trades["to_maturity"])[having(trades["market"], "secondary")]


def distribution(values: Any) -> tuple[Floats, Integers]:
    """The distinct values that are there, rising, and how often each occurs."""
    found, times = np.unique(present(values), return_counts=True)
    return found, times


def ex_ante_share(trades: Columns) -> float | None:
    """The share of resales that came before the draw."""
    resold = having(trades["market"], "secondary")
    return ratio((resold & having(trades["timing"], "ex_ante")).sum(), resold.sum())


def resold_share(trades: Columns) -> float | None:
    """The share of the tickets sold by the protocol that were sold on at least once."""
    tickets = numbers(trades["ticket"])
    first, again = (np.unique(tickets[having(trades["market"], name)]) for name in ("primary", "secondary"))
    return ratio(np.isin(first, again).sum(), first.size)
