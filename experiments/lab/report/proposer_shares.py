"""Who proposes the blocks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from experiments.lab.report.agent_labels import folded, labels, leading
from experiments.lab.report.figure import Figure, bar_layout, bars, titled, whole_numbers
from experiments.lab.report.run_source import Source, coded, having

CAPTION = (
    "The longer a bar, the more blocks its agent proposed; one bar that towers over the others is one agent that "
    "decides what goes into most blocks."
)


def proposals(sources: Sequence[Source]) -> Figure | None:
    """The figure of proposals; None where nothing was proposed."""
    values = {source.structure: count_proposals(source) for source in sources}
    seats = list(sources[0].summary["profit_eth"])
    if not any(any(own.values()) for own in values.values()):
        return None
    kept = leading(values, seats)
    rows = labels(kept, seats)
    traces = bars(rows, {name: folded(own, kept, seats) for name, own in values.items()}, "blocks", ",d")
    most = int(max(max(trace["x"]) for trace in traces))
    layout = bar_layout(len(rows), len(sources), whole_numbers(most) | titled("blocks proposed"))
    return Figure("proposals", "Who proposes the blocks", CAPTION, traces, layout)


def count_proposals(source: Source) -> dict[str, float]:
    """How many blocks each agent proposed."""
    done = having(source.read("blocks", "status", "proposer"), status="proposed")
    codes, names = coded(done.column("proposer"))
    return dict(zip(names, np.bincount(codes, minlength=len(names)).tolist(), strict=True))
