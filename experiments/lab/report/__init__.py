"""One self-contained HTML page about a run or a sweep: `write_report(folder)`.

- `run_page`, `sweep/`: what is on the page about a run, and on that about a sweep;
- `plotted`, `plotly_figure`: the same figures from a script or a notebook; `run_figures`: those about a run;
- `page`, `figure`, `table`, `palette`: the page itself, its figures as plain data, its tables, its colours;
- `market_picture`, `market_arrows`: who sells what to whom in a run, as SVG of its own;
- `run_source`, `thinning`: where the facts come from; long runs made short enough to look at;
- the other modules are a part of the page each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chain.face import face

if TYPE_CHECKING:
    from experiments.lab.report.writing import write_report

__all__ = ["write_report"]

# A run is played without what pages need, though its result can draw them
__getattr__, __dir__ = face(__name__, {"experiments.lab.report.writing": ["write_report"]})
