"""How often one agent has several blocks in a row, beside what chance alone would give."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from experiments.lab.metrics.control import chance, longest
from experiments.lab.report.figure import Figure, Panel, Trace, once, stacked, titled, whole_numbers
from experiments.lab.report.palette import STRUCTURES, faded
from experiments.lab.report.run_source import Floats, Source

MOST = 12  # blocks in a row
FLOOR = 1e-3  # %, below which chance is not followed

CAPTION = (
    "A mark is the share of all stretches of m consecutive blocks that one agent proposes whole; a line is that "
    "share if each block fell to an agent with its share of this run, whatever came before. Marks above their "
    "line are agents who have several blocks in a row more often than by chance."
)


def rows(sources: Sequence[Source]) -> Figure | None:
    """The figure of blocks in a row; None where no one has two."""
    proposers = {source.structure: read_proposers(source) for source in sources}
    most = min(MOST, max(map(longest, proposers.values())))
    if most < 2:
        return None
    traces = [
        trace
        for structure, own in proposers.items()
        for trace in (line(structure, own, most), marks(structure, own, most))
    ]
    axis = {"type": "log", "ticksuffix": "%", "tickformat": "~g", "dtick": 1}
    across = {"range": [0.6, most + 0.4], "zeroline": False, **whole_numbers(2), **titled("m, blocks in a row")}
    layout = stacked([Panel("share of all stretches of m blocks", axis)], 260, across)
    return Figure("rows", "Blocks in a row", CAPTION, once(traces), layout, note(proposers))


def read_proposers(source: Source) -> npt.NDArray[np.object_]:
    """Who proposed each block; None where there was no proposal."""
    blocks = source.read("blocks", "proposer", "status")
    is_proposed = pc.equal(blocks.column("status").cast(pa.string()), "proposed")
    names = pc.if_else(is_proposed, blocks.column("proposer").cast(pa.string()), pa.scalar(None, pa.string()))
    return np.asarray(names.to_numpy(), dtype=object)


def marks(structure: str, proposers: npt.NDArray[np.object_], most: int) -> Trace:
    """What happened."""
    look = STRUCTURES[structure]
    lengths = range(1, most + 1)
    shares = [(m, share) for m in lengths if (share := chance(proposers, m))]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": structure,
        "x": [m for m, _ in shares],
        "y": [100 * share for _, share in shares],
        "marker": {"color": look.colour, "symbol": look.symbol, "size": 8},
        "hovertemplate": "%{x} in a row: %{y:.3g}%",
    }


def line(structure: str, proposers: npt.NDArray[np.object_], most: int) -> Trace:
    """What chance would give, Σ s^m."""
    look = STRUCTURES[structure]
    shares = shares_of(proposers)
    powers = [(m, 100 * float((shares**m).sum())) for m in range(1, most + 1)]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": structure,
        "showlegend": False,
        "x": [m for m, share in powers if share > FLOOR],
        "y": [share for _, share in powers if share > FLOOR],
        "line": {"color": faded(look.colour, 0.7), "dash": look.dash, "width": 1.4},
        "hovertemplate": "%{x} in a row by chance: %{y:.3g}%",
    }


def shares_of(proposers: npt.NDArray[np.object_]) -> Floats:
    """Each proposer's share of all blocks, 0 to 1."""
    names = [name for name in proposers.tolist() if name is not None]
    _, counts = np.unique(names, return_counts=True)
    return np.asarray(counts / len(proposers))


def note(proposers: dict[str, npt.NDArray[np.object_]]) -> str:
    """What is left out: the longest rows."""
    longer = {structure: most for structure, own in proposers.items() if (most := longest(own)) > MOST}
    told = ", ".join(f"{most:,} ({structure})" for structure, most in longer.items())
    if told:
        return f"Longest rows: {told}."
    return ""
