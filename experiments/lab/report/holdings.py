"""Who holds the live tickets, over time, and how concentrated that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from chain.account import PROTOCOL
from experiments.lab.report.agent_labels import leading, shown
from experiments.lab.report.figure import Figure, Panel, Trace, block_axis, entitled, on, once, stacked
from experiments.lab.report.palette import BURNED, HOLDERS, OTHERS, STRUCTURES
from experiments.lab.report.run_source import Floats, Integers, Source, coded, integers
from experiments.lab.report.thinning import Bins, means

CAPTION = (
    "The height of a colour is its holder's share of the live tickets; one colour from bottom to top would be one "
    "holder of all."
)
HHI_CAPTION = (
    "The Herfindahl–Hirschman index of the tickets that are held: 10,000 is a single holder, 10,000 / n is n "
    "holders with the same number each, so lower is less concentrated."
)
UNSOLD = "not sold yet"


class Moves(NamedTuple):
    """Every coming (+1) and going (−1) of a ticket: its slot, its holder's place in `names`, its sign."""

    structure: str
    blocks: int
    slots: Integers
    holders: Integers
    signs: Integers
    names: list[str]


def holdings(sources: Sequence[Source]) -> Figure | None:
    """The figure of holdings; None where there are no tickets."""
    with_tickets = [source for source in sources if source.summary["tickets_minted"] and source.blocks]
    if not with_tickets:
        return None
    moves = [read_moves(source) for source in with_tickets]
    times = {own.structure: holding_times(own) for own in moves}
    holders = [name for name in sources[0].summary["profit_eth"] if any(own.get(name) for own in times.values())]
    kept = leading(times, holders, len(HOLDERS))
    traces = [
        {**trace, **on(number)}
        for number, own in enumerate(moves)
        for trace in areas(own, kept, len(holders) - len(kept))
    ]
    whole = {"range": [0, 100], "ticksuffix": "%", "dtick": 25}
    panels = [Panel(entitled(own.structure, "share of live tickets"), whole) for own in moves]
    layout = stacked(panels, 200, block_axis(max(source.blocks for source in sources))) | {
        "hovermode": "x unified"
    }
    return Figure("holdings", "Who holds the tickets", CAPTION, once(traces), layout, note(with_tickets))


def read_moves(source: Source) -> Moves:
    """The moves of all tickets of a structure."""
    table = source.read("transfers", "slot", "giver", "taker")
    taker = table.column("taker")
    giver = table.column("giver")
    codes, names = coded(pa.chunked_array([*taker.chunks, *giver.chunks], taker.type))
    slots = np.tile(integers(table.column("slot")), 2)
    signs = np.repeat([1, -1], table.num_rows)
    there = codes >= 0
    return Moves(source.structure, source.blocks, np.maximum(slots[there], 0), codes[there], signs[there], names)


def holding_times(moves: Moves) -> dict[str, float]:
    """How long each holder held how many tickets, ticket blocks."""
    times = np.bincount(moves.holders, moves.signs * (moves.blocks - moves.slots), len(moves.names))
    return dict(zip(moves.names, times.tolist(), strict=True))


def mean_shares(moves: Moves, kept: Sequence[str], bins: Bins) -> Floats:
    """The mean share in the live tickets, %, by bin and holder in `kept`, and of all others at the end."""
    columns = len(kept) + 1
    place = {name: number for number, name in enumerate(kept)}
    column = np.array([place.get(name, len(kept)) for name in moves.names])
    row = bins.index(moves.slots)
    shape = (bins.count, columns)
    cells = row * columns + column[moves.holders]
    begins = bins.edges[row]
    ends = bins.edges[row + 1]
    left = (ends - moves.slots) / (ends - begins)  # the share of its bin for which a move counts
    change = np.bincount(cells, moves.signs, bins.count * columns).reshape(shape)
    begun = np.bincount(cells, moves.signs * left, bins.count * columns).reshape(shape)
    level = np.cumsum(change, axis=0) - change + begun
    return np.asarray(100 * level / np.maximum(level.sum(axis=1, keepdims=True), 1e-9))


def areas(moves: Moves, kept: Sequence[str], others: int) -> list[Trace]:
    """An area for each holder, one on the other; those that are nothing are left out."""
    bins = Bins.fit(moves.blocks)
    shares = mean_shares(moves, [*kept, moves.names[PROTOCOL]], bins)
    names = [*map(shown, kept), UNSOLD, f"{others:,} others"]
    colours = [*HOLDERS[: len(kept)], BURNED, OTHERS]
    columns = zip(names, colours, shares.T, strict=True)
    return [area(name, colour, share, bins) for name, colour, share in columns if share.max() > 1e-9]


def area(name: str, colour: str, share: Floats, bins: Bins) -> Trace:
    """One holder's area, in steps from the beginning of a bin to its end."""
    return {
        "type": "scatter",
        "name": name,
        "x": bins.edges.tolist(),
        "y": [*np.abs(share).round(4).tolist(), abs(round(float(share[-1]), 4))],
        "stackgroup": "holders",
        "line": {"width": 0.4, "shape": "hv", "color": colour},
        "fillcolor": colour,
        "hovertemplate": "%{y:.1f}%",
    }


def note(sources: Sequence[Source]) -> str:
    """What was thinned."""
    width = max(Bins.fit(source.blocks).width for source in sources)
    if width > 1:
        return f"Each step is the mean of up to {width:,} blocks."
    return ""


def concentration(sources: Sequence[Source]) -> Figure | None:
    """The figure of the HHI of holdings; None where no one holds a ticket."""
    lines = [(source, line) for source in sources if (line := hhi_line(source)) is not None]
    if not lines:
        return None
    axis: Mapping[str, Any] = {"rangemode": "tozero", "tickformat": ",d"}
    blocks = block_axis(max(source.blocks for source in sources))
    layout = stacked([Panel("HHI of ticket holdings", axis)], 220, blocks) | {"hovermode": "x unified"}
    title = "How concentrated the holdings are"
    drawn, traces = zip(*lines, strict=True)
    return Figure("concentration", title, HHI_CAPTION, traces, layout, note(drawn))


def hhi_line(source: Source) -> Trace | None:
    """The HHI of one structure, in steps; None where no one holds a ticket."""
    table = source.read("blocks", "slot", "held", "squares")
    slots, held, squares = (integers(table.column(name)) for name in ("slot", "held", "squares"))
    some = held > 0
    if not some.any():
        return None
    bins = Bins.fit(source.blocks)
    found, index = means(bins.index(slots[some]), 10_000 * squares[some] / held[some].astype(float) ** 2)
    values = np.full(bins.count, np.nan)
    values[found] = index
    steps = [None if np.isnan(value) else round(float(value), 1) for value in values]
    return {
        "type": "scatter",
        "name": source.structure,
        "x": bins.edges.tolist(),
        "y": [*steps, steps[-1]],
        "mode": "lines",
        "line": {"shape": "hv", "width": 1.8, "color": STRUCTURES[source.structure].colour},
        "showlegend": True,
        "hovertemplate": "%{y:,.0f}",
    }
