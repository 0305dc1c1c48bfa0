"""What the protocol takes in over time, beside what the blocks were worth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from experiments.lab.report.figure import Figure, Panel, Trace, block_axis, stacked
from experiments.lab.report.palette import STRUCTURES
from experiments.lab.report.run_source import Floats, Integers, Source, integers
from experiments.lab.report.shown_markets import REWARD
from experiments.lab.report.thinning import Bins

CAPTION = (
    "Sums from the beginning: in grey what the blocks so far were worth, dotted what was expected of them when "
    "their tickets were sold, in colour what the protocol burned. Below the dotted line, the protocol left value "
    "to others. The way from the dotted line to the grey one is luck: a few blocks make most of it, and another "
    "run has another."
)
GENESIS = -1


def capture(sources: Sequence[Source]) -> Figure | None:
    """The figure of revenue and rewards; None where the protocol takes nothing."""
    earning = [source for source in sources if source.summary["protocol_revenue"] > 0 and source.blocks]
    if not earning:
        return None
    longest = max(sources, key=lambda source: source.blocks)
    traces = [reward_line(longest), *expected_line(earning[0]), *map(revenue_line, earning)]
    axis = {"rangemode": "tozero", "tickformat": ",~g"}
    layout = stacked([Panel("ETH, summed up", axis)], 240, block_axis(longest.blocks)) | {"hovermode": "x unified"}
    return Figure("capture", "What the protocol captures", CAPTION, traces, layout, note(longest))


def reward_line(source: Source) -> Trace:
    """The rewards of all blocks so far."""
    blocks = source.read("blocks", "slot", "reward_gwei")
    slots, rewards = (integers(blocks.column(name)) for name in ("slot", "reward_gwei"))
    look = {"color": REWARD.colour, "width": 1.8}
    return line(source, "rewards", look, slots, rewards)


def expected_line(source: Source) -> list[Trace]:
    """What was expected of all blocks so far, when their tickets were sold; none where that is not known."""
    if source.fortune is None:
        return []
    expected = np.rint(1e9 * source.fortune.expected).astype(np.int64)
    look = {"color": REWARD.colour, "width": 1.8, "dash": "dot"}
    return [line(source, "expected rewards", look, np.arange(len(expected)), expected)]


def revenue_line(source: Source) -> Trace:
    """The primary prices burned so far less refunds; before block 0 those of genesis."""
    blocks = source.read("blocks", "slot", "primary_gwei", "refund_gwei")
    slots, burned, back = (integers(blocks.column(name)) for name in ("slot", "primary_gwei", "refund_gwei"))
    later = burned - back
    genesis = round(1e9 * source.summary["protocol_revenue"]) - int(later.sum())
    look = {"color": STRUCTURES[source.structure].colour, "dash": STRUCTURES[source.structure].dash, "width": 2}
    return line(source, source.structure, look, np.append(slots, GENESIS), np.append(later, genesis))


def line(source: Source, name: str, look: dict[str, Any], slots: Integers, gwei: Integers) -> Trace:
    """A sum that grows, at the end of each bin, from what was there before block 0."""
    bins = Bins.fit(source.blocks)
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": [GENESIS, *(bins.edges[1:] - 1).tolist()],
        "y": sums(bins, slots, gwei).tolist(),
        "line": look,
        "hovertemplate": "%{y:,.2f} ETH",
    }


def sums(bins: Bins, slots: Integers, gwei: Integers) -> Floats:
    """What came before block 0, and with all up to the end of each bin, ETH."""
    first = gwei[slots < 0].sum() / 1e9
    there = slots >= 0
    own = np.bincount(bins.index(slots[there]), gwei[there] / 1e9, bins.count)
    return np.round(np.append(first, first + np.cumsum(own)), 6)


def note(source: Source) -> str:
    """What was thinned."""
    width = Bins.fit(source.blocks).width
    if width > 1:
        return f"The lines have a point every {width:,} blocks."
    return ""
