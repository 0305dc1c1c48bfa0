"""Tickets of the protocol that had a single bidder, who paid the reserve."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from experiments.lab.runs.captures import rows_with
from experiments.lab.runs.folder import TABLES

WORTH_TELLING = 0.01  # of all sales


def lone_lines(runs: Mapping[str, Path]) -> Iterator[str]:
    """A line for each structure, by the folder of its run, in which these were 1 % of the sales or more."""
    for structure, folder in runs.items():
        lone, sold = lone_sales(folder / TABLES)
        if sold and lone >= WORTH_TELLING * sold:
            yield (
                f"under {structure}: {lone:,} of the {sold:,} tickets that the protocol sold had one bidder, who "
                "paid the reserve: the price does not measure their worth; see parameters.capacity of who bids"
            )


def lone_sales(tables: Path) -> tuple[int, int]:
    """How many sales of the protocol had one bid and went at the reserve, and how many sales there were."""
    auctions = rows_with(tables, "auctions", "market", "primary", "outcome", "bids", "price_gwei", "reserve_gwei")
    sold = [(bids, price, reserve) for outcome, bids, price, reserve in auctions if outcome == "sold"]
    return sum(bids == 1 and price <= reserve for bids, price, reserve in sold), len(sold)
