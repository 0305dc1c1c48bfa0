"""How summaries look on a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.table import Table

LINES = {
    "blocks": "blocks",
    "tickets_minted": "tickets minted",
    "tickets_burned": "tickets burned",
    "tickets_expired": "  of them expired",
    "empty_blocks": "empty blocks",
    "trades": "trades",
    "ex_ante_sales": "  resold before the draw",
    "ex_post_sales": "  resold after the draw",
    "block_sales": "  blocks sold just in time",
    "reward_eth": "rewards, ETH",
    "protocol_revenue_eth": "protocol revenue, ETH",
    "capture": "capture (price of the tickets that ended / rewards)",
    "capture_expected": "capture of expected rewards (free of luck)",
    "tickets_ended_per_block": "  tickets that ended, by block",
    "handed_out_tickets": "  of them handed out at genesis",
    "capture_cash": "cash flow (all that was paid / rewards)",
    "efficiency": "efficiency (value made / best possible)",
    "mean_price_eth": "mean resale price, ETH",
    "mean_primary_price_eth": "mean primary price, ETH",
    "mean_block_price_eth": "mean price of a block, ETH",
    "hhi_holdings": "HHI of ticket holdings",
    "hhi_proposals": "HHI of proposals",
    "nakamoto_proposals": "Nakamoto coefficient of proposals",
    "violations": "violations",
}
"""The figures of a summary in the order in which they are shown, and what they are called."""


def summary_table(summaries: Mapping[str, Mapping[str, Any]]) -> Table:
    """Summaries side by side, one column a structure."""
    table = Table(title="Market structures on the same draws" if len(summaries) > 1 else None)
    table.add_column("")
    for name in summaries:
        table.add_column(name, justify="right")
    for key, label in LINES.items():
        table.add_row(label, *(figure(summary[key]) for summary in summaries.values()))
    return table


def figure(value: float | None) -> str:
    """A number as a person reads it; a dash where there is none."""
    if value is None:
        return "–"
    if isinstance(value, int):
        return f"{value:,}"
    if abs(value) < 100:
        return f"{value:,.4f}"
    return f"{value:,.1f}"
