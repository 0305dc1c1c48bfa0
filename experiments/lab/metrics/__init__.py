"""Metrics: what one run, or a pair of runs, says about revenue, efficiency, timing, concentration, prices and
the book.

Every metric is a function of a run's tables, which may be dataframes or dictionaries of arrays. `take_all` takes
all that one run alone can give (`played.measured` is its door); `METRICS` names them, with unit and formula.

- `registry`, `made_of`: the metrics by name, and what each averages; `tables`, `columns`: what they are taken of;
- `revenue`, `matched_capture`, `expected_rewards`, `efficiency`, `equivalence_gap`: money;
- `prices`, `orderbook`, `timing`: the markets;
- `concentration`, `control`, `censors`: who proposes, how many blocks in a row, what is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chain.face import face

if TYPE_CHECKING:
    from experiments.lab.metrics.concentration import counts, nakamoto_51, over_time
    from experiments.lab.metrics.control import chance_by_proposer
    from experiments.lab.metrics.equivalence_gap import gap, pair, pair_with_second_best
    from experiments.lab.metrics.metric import Metric
    from experiments.lab.metrics.registry import METRICS, take_all
    from experiments.lab.metrics.revenue import split
    from experiments.lab.metrics.timing import blocks_to_maturity, distribution

__all__ = [
    "METRICS",
    "Metric",
    "blocks_to_maturity",
    "chance_by_proposer",
    "counts",
    "distribution",
    "gap",
    "nakamoto_51",
    "over_time",
    "pair",
    "pair_with_second_best",
    "split",
    "take_all",
]

__getattr__, __dir__ = face(
    __name__,
    {
        "experiments.lab.metrics.concentration": ["counts", "nakamoto_51", "over_time"],
        "experiments.lab.metrics.control": ["chance_by_proposer"],
        "experiments.lab.metrics.equivalence_gap": ["gap", "pair", "pair_with_second_best"],
        "experiments.lab.metrics.metric": ["Metric"],
        "experiments.lab.metrics.registry": ["METRICS", "take_all"],
        "experiments.lab.metrics.revenue": ["split"],
        "experiments.lab.metrics.timing": ["blocks_to_maturity", "distribution"],
    },
)
