"""How summaries look on a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from experiments.lab.metrics.metric import shown
from experiments.lab.metrics.registry import BY_NAME
from experiments.lab.terminal.sheet import Sheet, SheetColumn, Shown, number

LINES = (
    "blocks",
    "tickets_minted",
    "tickets_burned",
    "expired_tickets",
    "empty_slots",
    "trades",
    "ex_ante_sales",
    "ex_post_sales",
    "block_sales",
    "reward",
    "protocol_revenue",
    "capture",
    "capture_expected",
    "tickets_ended_per_block",
    "handed_out_tickets",
    "capture_cash",
    "efficiency",
    "mean_primary_price",
    "mean_secondary_price",
    "mean_block_price",
    "hhi_holdings",
    "hhi",
    "nakamoto",
    "violations",
)
"""The metrics of a summary in the order in which they are shown."""

PARTS = {"expired_tickets", "ex_ante_sales", "ex_post_sales", "block_sales", "tickets_ended_per_block"} | {
    "handed_out_tickets"
}
"""Those that are part of the one above them, or explain it."""


def summary_sheet(summaries: Mapping[str, Mapping[str, Any]]) -> Sheet:
    """Summaries side by side, one column a structure."""
    columns = [SheetColumn("metric", " "), *map(number, summaries)]
    rows = [
        [
            Shown(worded(name), {"": name}),
            *(Shown(figure(name, summary[name]), {"": summary[name]}) for summary in summaries.values()),
        ]
        for name in LINES
    ]
    return Sheet(columns, rows, "Market structures on the same draws" if len(summaries) > 1 else "")


def worded(name: str) -> str:
    """A metric in words, further to the right where it is part of the one above."""
    return f"  {label(name)}" if name in PARTS else label(name)


def label(name: str) -> str:
    """What a metric is called, with its unit where that is money."""
    metric = BY_NAME[name]
    return f"{metric.words}, ETH" if metric.unit == "ETH" else metric.words


def figure(name: str, value: float | None) -> str:
    """A figure as a person reads it; a dash where there is none."""
    return shown(BY_NAME[name], value)
