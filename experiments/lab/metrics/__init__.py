"""Metrics: what one run, or a pair of runs, says about revenue, efficiency, timing, concentration, prices and
the book.

Every metric is a function of a run's tables, which may be dataframes or dictionaries of arrays. `measure` takes
all that one run alone can give; `METRICS` names them, with unit and formula.
"""

from experiments.lab.metrics.registry import METRICS, Metric, measure

__all__ = ["METRICS", "Metric", "measure"]
