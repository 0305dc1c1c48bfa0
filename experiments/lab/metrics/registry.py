"""Every metric that one run alone can give: the one place in which they are named.

The summary of a run, `--json`, sweeps, reports, docs/metrics.md and `et-testbed metrics` all take names, words and
units from here.
"""

from __future__ import annotations

import math

from experiments.lab.metrics.censor_metrics import CENSORSHIP
from experiments.lab.metrics.market_metrics import BOOK, PRICES, TIMING
from experiments.lab.metrics.metric import Metric
from experiments.lab.metrics.money_metrics import EFFICIENCY, REVENUE
from experiments.lab.metrics.proposer_metrics import CONCENTRATION, CONTROL
from experiments.lab.metrics.tables import Tables
from experiments.lab.metrics.ticket_metrics import SALES, SLOTS

GROUPS: dict[str, tuple[Metric, ...]] = {
    "Concentration": CONCENTRATION,
    "Multi-block control": CONTROL,
    "Revenue": REVENUE,
    "Efficiency and participation": EFFICIENCY,
    "Sale timing": TIMING,
    "Prices": PRICES,
    "Order book": BOOK,
    "Slots and tickets": SLOTS,
    "Sales": SALES,
    "Censorship": CENSORSHIP,
}
"""By the heading under which docs/metrics.md has them."""

METRICS: tuple[Metric, ...] = tuple(metric for group in GROUPS.values() for metric in group)
"""All of them, in the order in which `measure` gives them."""

BY_NAME: dict[str, Metric] = {metric.name: metric for metric in METRICS}


def screen_scale(name: str) -> float:
    """By what a metric's value is multiplied on a screen: 100 for a share; 1 for a name that is no metric's."""
    return BY_NAME[name].screen_scale if name in BY_NAME else 1.0


def take_all(run: Tables) -> dict[str, float | None]:
    """Every metric of one run, by name; None where the run has nothing to take it of."""
    return {metric.name: plain(metric.take(run)) for metric in METRICS}


def plain(value: float | None) -> float | None:
    """A number that JSON can hold."""
    if value is not None and math.isfinite(value):
        return float(value)
    return None
