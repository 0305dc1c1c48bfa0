"""How long before their maturity tickets are resold, and for how much."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from experiments.lab.report.figure import (
    Figure,
    Panel,
    Trace,
    entitled,
    on,
    on_one_scale,
    once,
    stacked,
    titled,
    whole_numbers,
)
from experiments.lab.report.price_figure import log_axis
from experiments.lab.report.run_source import Floats, Integers, Source, eth, integers
from experiments.lab.report.shown_markets import RESALES, ShownMarket, by_market, read_sales
from experiments.lab.report.thinning import Bins, Spread, spread

MOST_BARS = 65

SALE_CAPTION = (
    "Time runs to the right, towards maturity at 0; bars on the left are tickets sold early, a bar at the right "
    "edge is a spot auction in all but name."
)
PRICE_CAPTION = (
    "A mark is the mean price of the sales at this distance from maturity, the whisker their middle 80% with a "
    "dash at the median; a level row of marks means that waiting neither gains nor loses."
)


class Resales(NamedTuple):
    """The resales of one structure in one market: blocks left to maturity, and prices in ETH."""

    structure: str
    market: ShownMarket
    left: Integers
    paid: Floats


def sale_blocks(sources: Sequence[Source]) -> Figure | None:
    """The histogram of the blocks left at a resale; None where there is no resale or no maturity."""
    resales = read_resales(sources)
    if not resales:
        return None
    bins = bins_of(sources, resales)
    traces = [{**bar(one, bins), **on(number)} for number, one in numbered(resales)]
    counts = {"tickformat": ",d", **whole_numbers(max(max(trace["y"]) for trace in traces))}
    panels = [Panel(entitled(name, "tickets resold"), counts) for name in structures(resales)]
    layout = stacked(panels, 150, sides(bins)) | {"barmode": "stack", "bargap": 0.08}
    return Figure("sale-blocks", "When tickets are resold", SALE_CAPTION, once(traces), layout, note(bins))


def sale_prices(sources: Sequence[Source]) -> Figure | None:
    """Prices against the blocks left at a resale; None where there is no resale or no maturity."""
    resales = [one for one in read_resales(sources) if one.paid.any()]
    if not resales:
        return None
    bins = bins_of(sources, resales)
    spreads = [spread(bins.index(one.left), one.paid) for one in resales]
    traces = [
        {**trace, **on(number)}
        for (number, one), own in zip(numbered(resales), spreads, strict=True)
        for trace in marks(one.market, own, bins)
    ]
    scale = log_axis([value for own in spreads for value in (*own.low, *own.mean, *own.high)])
    panels = [Panel(entitled(name, "price, ETH"), scale) for name in structures(resales)]
    layout = on_one_scale(stacked(panels, 190, sides(bins)))
    title = "What a ticket costs on its way to maturity"
    return Figure("sale-prices", title, PRICE_CAPTION, once(traces), layout, note(bins))


def read_resales(sources: Sequence[Source]) -> list[Resales]:
    """All resales of tickets that have a maturity."""
    found = []
    for source in sources:
        for market, sales in by_market(read_sales(source).drop_null(), RESALES):
            left = integers(sales.column("to_maturity"))
            paid = eth(sales.column("price_gwei"))
            found.append(Resales(source.structure, market, left, paid))
    return found


def structures(resales: Sequence[Resales]) -> list[str]:
    """The structures with resales, in order."""
    return list(dict.fromkeys(one.structure for one in resales))


def numbered(resales: Sequence[Resales]) -> list[tuple[int, Resales]]:
    """Resales with the number of their structure's panel."""
    panels = structures(resales)
    return [(panels.index(one.structure), one) for one in resales]


def bins_of(sources: Sequence[Source], resales: Sequence[Resales]) -> Bins:
    """Bins for the blocks left, from 0 to the maturity, or to the most that was left."""
    maturity = sources[0].manifest["config"]["chain"]["maturity"]
    return Bins.fit(max(maturity, *(int(one.left.max()) for one in resales)) + 1, MOST_BARS)


def sides(bins: Bins) -> dict[str, Any]:
    """The x axis, with maturity on the right."""
    more = 0.5 + 0.02 * bins.size
    span = {"range": [bins.size - 1 + more, -more], "zeroline": False}
    return {**span, **whole_numbers(bins.size - 1), **titled("blocks left to maturity")}


def bar(resales: Resales, bins: Bins) -> Trace:
    """How many were sold, by blocks left."""
    counts = np.bincount(bins.index(resales.left), minlength=bins.count)
    return {
        "type": "bar",
        "name": resales.market.name,
        "x": bins.centres.tolist(),
        "y": counts.tolist(),
        "width": 0.92 * bins.width,
        "marker": {"color": resales.market.colour},
        "hovertemplate": "%{x} blocks left: %{y:,d} tickets",
    }


def marks(market: ShownMarket, prices: Spread, bins: Bins) -> list[Trace]:
    """The mean price, to the risk-neutral what a sale is worth, on a whisker for the middle 80%."""
    at = bins.centres[prices.groups].tolist()
    common = {"type": "scatter", "mode": "markers", "name": market.name, "x": at}
    mean = {
        "y": prices.mean.tolist(),
        "marker": {"color": market.colour, "symbol": market.symbol, "size": 7},
        "hovertemplate": "%{x} blocks left: mean %{y:.5f} ETH",
    }
    return [{**common, **whiskers(market, prices)}, {**common, **mean}]


def whiskers(market: ShownMarket, prices: Spread) -> Trace:
    """The middle 80% as a whisker, with a dash at the median."""
    ends = {"array": (prices.high - prices.middle).tolist(), "arrayminus": (prices.middle - prices.low).tolist()}
    look = {"color": market.colour, "thickness": 1.2, "width": 0}
    return {
        "y": prices.middle.tolist(),
        "showlegend": False,
        "marker": {"color": market.colour, "symbol": "line-ew-open", "size": 6, "line": {"width": 1.2}},
        "error_y": {"type": "data", "symmetric": False, **look, **ends},
        "hovertemplate": "%{x} blocks left: median %{y:.5f} ETH",
    }


def note(bins: Bins) -> str:
    """What was thinned."""
    if bins.width > 1:
        return f"{bins.width:,} blocks are taken together."
    return ""
