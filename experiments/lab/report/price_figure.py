"""Prices over time, in every market, and the reward of the block behind them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from experiments.lab.report.figure import (
    Figure,
    Panel,
    Trace,
    block_axis,
    entitled,
    on,
    on_one_scale,
    once,
    stacked,
)
from experiments.lab.report.palette import STRUCTURES, faded
from experiments.lab.report.run_source import Floats, Integers, Source, eth, integers
from experiments.lab.report.shown_markets import REWARD, ShownMarket, by_market, read_sales
from experiments.lab.report.thinning import MOST_POINTS, Bins, spread

CAPTION = (
    "Marks and lines are what rights were sold for, over the grey of what the blocks were worth; the scale is "
    "logarithmic, because a few blocks are worth very much."
)


class PriceLine(NamedTuple):
    """What is drawn of one market, or of the rewards: blocks and ETH."""

    market: ShownMarket
    slots: Integers | Floats
    values: Floats


def prices(sources: Sequence[Source]) -> Figure | None:
    """The figure of prices; None where there is nothing to show on a logarithmic scale."""
    panels = {source.structure: read_series(source) for source in sources}
    drawn = [one for series in panels.values() for one in series]
    if not drawn:
        return None
    bins = Bins.fit(max(source.blocks for source in sources))
    few = MOST_POINTS
    if not is_short(drawn):
        few = 3 * bins.count
    traces = [
        {**trace, **on(number)}
        for number, series in enumerate(panels.values())
        for one in series
        for trace in draw(one, bins, few)
    ]
    scale = log_axis([value for trace in traces for value in trace["y"]])
    headings = [entitled(name, f"{STRUCTURES[name].meaning}; ETH") for name in panels]
    layout = on_one_scale(stacked([Panel(heading, scale) for heading in headings], 230, block_axis(bins.size)))
    return Figure("prices", "Prices over time", CAPTION, once(traces), layout, note(drawn, bins))


def log_axis(values: Sequence[float]) -> dict[str, Any]:
    """A logarithmic axis for all of `values`."""
    low = math.log10(min(values))
    high = math.log10(max(values))
    room = 0.05 * (high - low) + 0.02
    span = {"range": [low - room, high + room], **log_ticks(low - room, high + room)}
    return {"type": "log", "tickformat": "~g", **span}


def log_ticks(low: float, high: float) -> dict[str, Any]:
    """Ticks from 10^low to 10^high: at powers of ten, closer where they are few."""
    if high - low > 0.8:
        if high - low > 2.2:
            return {"dtick": 1}
        return {"dtick": "D2"}  # at 1, 2 and 5
    first = 10**low
    last = 10**high
    step = 10 ** math.floor(math.log10(last - first))
    step *= next(factor for factor in (0.2, 0.5, 1, 2) if (last - first) / (factor * step) <= 6)
    return {"tickvals": [step * number for number in range(math.ceil(first / step), int(last / step) + 1)]}


def read_series(source: Source) -> list[PriceLine]:
    """The rewards of a structure and the prices in each of its markets, where there is any but zeros."""
    blocks = source.read("blocks", "slot", "reward_gwei")
    found = [PriceLine(REWARD, integers(blocks.column("slot")), eth(blocks.column("reward_gwei")))]
    for market, sales in by_market(read_sales(source)):
        found.append(PriceLine(market, integers(sales.column("slot")), eth(sales.column("price_gwei"))))
    return [series for series in found if series.values.any()]


def is_short(drawn: Sequence[PriceLine]) -> bool:
    """Whether all of every series can be told apart."""
    return max(len(one.values) for one in drawn) <= MOST_POINTS


def draw(series: PriceLine, bins: Bins, few: int) -> list[Trace]:
    """A series: value by value where it has at most `few`, else by bins."""
    if len(series.values) > few:
        return draw_bands(series, bins)
    return draw_values(series)


def draw_values(series: PriceLine) -> list[Trace]:
    """Every single value that a logarithmic axis can show."""
    seen = series.values > 0
    shown = series._replace(slots=series.slots[seen], values=series.values[seen])
    if series.market is REWARD:
        return [draw_line(shown)]
    return [draw_marks(shown)]


def draw_line(series: PriceLine) -> Trace:
    """A thin line, for what lies behind."""
    look = {"line": {"color": faded(series.market.colour, 0.55), "width": 1}, "marker": {"color": REWARD.colour}}
    return {**scatter(series), **look, "mode": line_mode(series)}


def line_mode(series: PriceLine) -> str:
    """A line, or a mark where there is but one value."""
    if len(series.values) > 1:
        return "lines"
    return "markers"


def draw_marks(series: PriceLine) -> Trace:
    """A mark for each sale."""
    mark = {"color": faded(series.market.colour, 0.75), "symbol": series.market.symbol, "size": 5}
    return {**scatter(series), "mode": "markers", "marker": mark}


def scatter(series: PriceLine) -> Trace:
    """What lines and marks have in common."""
    return {
        "type": "scatter",
        "name": series.market.name,
        "legendrank": series.market.rank,
        "x": series.slots.tolist(),
        "y": series.values.tolist(),
        "hovertemplate": "block %{x}: %{y:.5f} ETH",
    }


def draw_bands(series: PriceLine, bins: Bins) -> list[Trace]:
    """The mean of each bin as a line, the middle 80% as a band, of rewards the greatest as a tick."""
    own = spread(bins.index(np.asarray(series.slots, dtype=np.int64)), series.values)
    at = bins.centres[own.groups]
    ticks = []
    if series.market is REWARD:
        ticks = [extremes(series._replace(slots=at, values=own.most))]
    mean = mean_line(series._replace(slots=at, values=own.mean))
    return [*ticks, band(series.market, at, own.low, own.high), mean]


def mean_line(series: PriceLine) -> Trace:
    """The line of means: to the risk-neutral, what a right is worth."""
    market = series.market
    return {
        **scatter(series),
        "mode": line_mode(series),
        "line": {"color": market.colour, "width": market.width, "dash": market.dash},
        "marker": {"color": market.colour, "symbol": market.symbol},
        "hovertemplate": "around block %{x:.0f}: mean %{y:.5f} ETH",
    }


def band(market: ShownMarket, x: Floats, low: Floats, high: Floats) -> Trace:
    """The area between `low` and `high`."""
    return {
        "type": "scatter",
        "name": market.name,
        "showlegend": False,
        "x": np.concatenate([x, x[::-1]]).tolist(),
        "y": np.concatenate([high, low[::-1]]).tolist(),
        "mode": "lines",
        "line": {"width": 0},
        "fill": "toself",
        "fillcolor": faded(market.colour, 0.15),
        "hoverinfo": "skip",
    }


def extremes(series: PriceLine) -> Trace:
    """The greatest value of each bin."""
    return {
        **scatter(series),
        "showlegend": False,
        "mode": "markers",
        "marker": {"color": faded(series.market.colour, 0.8), "symbol": series.market.symbol, "size": 5},
        "hovertemplate": "around block %{x:.0f}: at most %{y:.5f} ETH",
    }


def note(drawn: Sequence[PriceLine], bins: Bins) -> str:
    """What was thinned and what was left out."""
    bands = (
        f"Where there are many values, a line is the mean of every {bins.width:,} blocks, a band their "
        "middle 80% and a tick the highest reward among them."
    )
    zeros = sum(int((one.values == 0).sum()) for one in drawn)
    missing = f"Values of 0 ETH, which have no place on the scale but count in means: {zeros:,}."
    return " ".join([bands] * (not is_short(drawn)) + [missing] * (zeros > 0))
