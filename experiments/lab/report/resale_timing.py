"""How long before their maturity tickets are resold, and for how much."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

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
from experiments.lab.report.palette import faded
from experiments.lab.report.price_figure import log_axis
from experiments.lab.report.run_source import Floats, Integers, Source, eth, having, integers
from experiments.lab.report.shown_markets import RESALES, REWARD, ShownMarket, by_market, read_sales
from experiments.lab.report.thinning import Bins, Spread, means, spread
from experiments.lab.runs.fortune import expected_at_resale

MOST_BARS = 65
LARGEST, SMALLEST = 18.0, 4.0  # marks, pixels
EXPECTED = "expected worth of their blocks"

SALE_CAPTION = (
    "Time runs to the right, towards maturity at 0; bars on the left are tickets sold early, a bar at the right "
    "edge is a spot auction in all but name."
)
PRICE_CAPTION = (
    "A mark is the mean price of the sales at this distance from maturity, its area how many they are (point at "
    "it for the number), the whisker their middle 80% with a dash at the median. Grey dashes are what the blocks "
    "of these very tickets were expected to be worth at the time: marks as far below them early as late mean that "
    "waiting neither gains nor loses. Small marks high up are a few tickets for blocks of which much was "
    "expected, sold by those who wait for such: no gain by the time of the sale."
)


class Resales(NamedTuple):
    """The resales of one structure in one market: blocks left to maturity, prices, and what was expected of their
    blocks at the time, NaN where that is not known; ETH."""

    structure: str
    market: ShownMarket
    left: Integers
    paid: Floats
    expected: Floats


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
    return Figure("sale_blocks", "When tickets are resold", SALE_CAPTION, once(traces), layout, note(bins))


def sale_prices(sources: Sequence[Source]) -> Figure | None:
    """Prices against the blocks left at a resale; None where there is no resale or no maturity."""
    resales = [one for one in read_resales(sources) if one.paid.any()]
    if not resales:
        return None
    bins = bins_of(sources, resales)
    spreads = [spread(bins.index(one.left), one.paid) for one in resales]
    most = max(int(own.counts.max()) for own in spreads)
    traces = [
        {**trace, **on(number)}
        for (number, one), own in zip(numbered(resales), spreads, strict=True)
        for trace in (*expected_marks(one, bins), *marks(one.market, own, bins, most))
    ]
    prices = [value for own in spreads for value in (*own.low, *own.mean, *own.high)]
    known = [value for trace in traces if trace["name"] == EXPECTED for value in trace["y"]]
    scale = log_axis([*prices, *known])
    panels = [Panel(entitled(name, "price, ETH"), scale) for name in structures(resales)]
    layout = on_one_scale(stacked(panels, 190, sides(bins)))
    title = "What a ticket costs on its way to maturity"
    return Figure("sale_prices", title, PRICE_CAPTION, once(traces), layout, note(bins))


def read_resales(sources: Sequence[Source]) -> list[Resales]:
    """All resales of tickets that have a maturity."""
    found = []
    for source in sources:
        for market, sales in by_market(with_expected(source).drop_null(), RESALES):
            left = integers(sales.column("to_maturity"))
            paid = eth(sales.column("price_gwei"))
            expected = sales.column("expected").to_numpy()
            found.append(Resales(source.structure, market, left, paid, expected))
    return found


def with_expected(source: Source) -> pa.Table:
    """The resales of a structure, with what was expected of their blocks."""
    resold = having(read_sales(source), market="secondary")
    expected = None if source.fortune is None else expected_at_resale(source.folder)
    if expected is None:
        expected = np.full(resold.num_rows, np.nan)
    return resold.append_column("expected", pa.array(expected))


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


def marks(market: ShownMarket, prices: Spread, bins: Bins, most: int) -> list[Trace]:
    """The mean price, to the risk-neutral what a sale is worth, on a whisker for the middle 80%.

    `most`: the sales behind the largest mark of the figure.
    """
    at = bins.centres[prices.groups].tolist()
    sizes = np.clip(LARGEST * np.sqrt(prices.counts / most), SMALLEST, None)
    common = {"type": "scatter", "mode": "markers", "name": market.name, "x": at}
    mean = {
        "y": prices.mean.tolist(),
        "marker": {"color": market.colour, "symbol": market.symbol, "size": sizes.round(1).tolist()},
        "customdata": prices.counts.tolist(),
        "hovertemplate": "%{x} blocks left: mean %{y:.5f} ETH of %{customdata:,d} sales",
    }
    return [{**common, **whiskers(market, prices)}, {**common, **mean}]


def expected_marks(resales: Resales, bins: Bins) -> list[Trace]:
    """What was expected of the blocks of the tickets that were sold, mean; none where that is not known."""
    is_known = ~np.isnan(resales.expected)
    if not is_known.any():
        return []
    groups, expected = means(bins.index(resales.left[is_known]), resales.expected[is_known])
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "name": EXPECTED,
            "x": bins.centres[groups].tolist(),
            "y": expected.tolist(),
            "marker": {"color": REWARD.colour, "symbol": "line-ew-open", "size": 16, "line": {"width": 2.5}},
            "hovertemplate": "%{x} blocks left: their blocks were expected to be worth %{y:.5f} ETH",
        }
    ]


def whiskers(market: ShownMarket, prices: Spread) -> Trace:
    """The middle 80% as a whisker, with a dash at the median."""
    ends = {"array": (prices.high - prices.middle).tolist(), "arrayminus": (prices.middle - prices.low).tolist()}
    look = {"color": faded(market.colour, 0.4), "thickness": 1.2, "width": 0}
    dash = {"color": faded(market.colour, 0.6), "symbol": "line-ew-open"}
    return {
        "y": prices.middle.tolist(),
        "showlegend": False,
        "marker": {**dash, "size": 6, "line": {"width": 1.2}},
        "error_y": {"type": "data", "symmetric": False, **look, **ends},
        "hovertemplate": "%{x} blocks left: median %{y:.5f} ETH",
    }


def note(bins: Bins) -> str:
    """What was thinned."""
    if bins.width > 1:
        return f"{bins.width:,} blocks are taken together."
    return ""
