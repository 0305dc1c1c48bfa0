"""The markets in which a right is sold, and their sales in a run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pyarrow as pa

from experiments.lab.report.run_source import Source, having


class ShownMarket(NamedTuple):
    """One market at one time: how the table of trades labels its sales, and how they are shown."""

    name: str
    labels: dict[str, str]
    colour: str
    symbol: str
    dash: str = "solid"
    width: float = 1.8
    rank: int = 1  # in legends


REWARD = ShownMarket("reward of the block", {}, "#8d8d8d", "line-ew-open", width=1.0)
PRIMARY = ShownMarket("primary sale of a ticket", {"market": "primary"}, "#009e73", "circle", rank=2)
EX_ANTE = ShownMarket(
    "resale before the draw (ex ante)",
    {"market": "secondary", "timing": "ex_ante"},
    "#0072b2",
    "diamond",
    rank=3,
)
EX_POST = ShownMarket(
    "resale after the draw (ex post)",
    {"market": "secondary", "timing": "ex_post"},
    "#d55e00",
    "square",
    "dash",
    rank=4,
)
BLOCK = ShownMarket("block sold just in time", {"market": "block"}, "#c2609b", "triangle-up", "dot", rank=5)

MARKETS = (PRIMARY, EX_ANTE, EX_POST, BLOCK)
RESALES = (EX_ANTE, EX_POST)


def read_sales(source: Source) -> pa.Table:
    """The trades of a structure, in order."""
    return source.read("trades", "slot", "market", "timing", "to_maturity", "price_gwei")


def by_market(
    trades: pa.Table, markets: Sequence[ShownMarket] = MARKETS
) -> Iterator[tuple[ShownMarket, pa.Table]]:
    """The markets in which something was sold, with their sales."""
    for market in markets:
        sales = having(trades, **market.labels)
        if sales.num_rows:
            yield market, sales
