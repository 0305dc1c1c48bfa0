"""Who sold what to whom in a run: a market, an arrow from its seller to its buyer, with all its sales."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from experiments.lab.report.run_source import Source, having, integers
from experiments.lab.report.shown_markets import BLOCK, EX_ANTE, EX_POST, PRIMARY, ShownMarket, read_sales

PROTOCOL, HOLDERS, PROPOSERS, BUILDERS = "protocol", "ticket holders", "proposers", "builders"
ROLES = (PROTOCOL, HOLDERS, PROPOSERS, BUILDERS)
"""In the order in which a right goes through their hands. An agent may have several of them."""

AHEAD = ShownMarket("right to build, sold ahead of time", {"market": "building"}, "#8a6d00", "cross")


class Route(NamedTuple):
    """A market between two roles: how its arrow is called, and what is sold there."""

    market: ShownMarket
    seller: str
    buyer: str
    name: str
    thing: str


ROUTES = (
    Route(PRIMARY, PROTOCOL, HOLDERS, "primary market", "ticket"),
    Route(EX_ANTE, HOLDERS, PROPOSERS, "before its draw", "ticket"),
    Route(EX_POST, HOLDERS, PROPOSERS, "after its draw", "ticket"),
    Route(BLOCK, PROPOSERS, BUILDERS, "just in time", "block"),
    Route(AHEAD, PROPOSERS, BUILDERS, "ahead of time", "block"),
)


class MarketArrow(NamedTuple):
    """All sales of a market in a run, or what went on without one: then `gwei`, the sum of the prices, is None."""

    seller: str
    buyer: str
    name: str
    thing: str
    number: int
    gwei: int | None
    colour: str | None = None


def market_arrows(source: Source) -> list[MarketArrow]:
    """The arrows of a structure on which anything went. Raises `InputError`."""
    return [arrow for arrow in (*sold(source), *not_sold(source)) if arrow.number]


def sold(source: Source) -> Iterator[MarketArrow]:
    """The markets."""
    trades = read_sales(source)
    for route in ROUTES:
        prices = integers(having(trades, **route.market.labels).column("price_gwei"))
        ends = (route.seller, route.buyer, route.name, route.thing)
        yield MarketArrow(*ends, len(prices), int(prices.sum()), route.market.colour)


def not_sold(source: Source) -> Iterator[MarketArrow]:
    """What comes to the next role without a market."""
    blocks = having(source.read("blocks", "status", "ticket", "proposer", "builder"), status="proposed")
    proposer, builder = (blocks.column(name).cast(pa.string()) for name in ("proposer", "builder"))
    own = pc.sum(pc.equal(proposer, builder)).as_py() or 0
    yield MarketArrow(PROTOCOL, PROPOSERS, "given away", "block", blocks.column("ticket").null_count, None)
    yield MarketArrow(HOLDERS, PROPOSERS, "not resold", "ticket", kept(source), None)
    yield MarketArrow(PROPOSERS, BUILDERS, "built itself", "block", own, None)


def kept(source: Source) -> int:
    """The tickets that proposed for who had them first."""
    proposed = having(source.read("tickets", "ticket", "end"), end="proposed").column("ticket")
    resold = having(source.read("trades", "ticket", "market"), market="secondary").column("ticket")
    return len(np.setdiff1d(integers(proposed), integers(resold)))
