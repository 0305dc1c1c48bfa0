"""Tickets of the protocol that had a single bidder, who paid the reserve."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from chain.money import eth_to_gwei
from experiments.lab.runs.captures import rows_with
from experiments.lab.runs.folder import TABLES, read_manifest
from experiments.lab.runs.tallies import reader
from market.primary import PRICING, QUOTED

AT_A_PRICE = QUOTED | {"posted"}
"""Rules under which everybody pays the quoted price, however many want a ticket."""

WORTH_TELLING = 0.01  # of all sales


def lone_lines(runs: Mapping[str, Path]) -> Iterator[str]:
    """A line for each structure, by the folder of its run, in which these were 1 % of the sales or more."""
    for structure, folder in runs.items():
        market = read_manifest(folder)["config"]["market"]
        if market["primary"] in AT_A_PRICE:
            continue
        lone, sold = lone_sales(folder / TABLES, posted_above(market))
        if sold and lone >= WORTH_TELLING * sold:
            yield (
                f"under {structure}: {lone:,} of the {sold:,} tickets that the protocol sold had one bidder, who "
                "paid the reserve: the price does not measure their worth; see parameters.capacity of who bids"
            )


def posted_above(market: Mapping[str, Any]) -> float:
    """Gwei above which a reserve is the price that a rule of the user's own posts; infinite under other rules."""
    is_own = market["primary"] not in PRICING
    return eth_to_gwei(market["primary_reserve"]) if is_own else math.inf


def lone_sales(tables: Path, posted: float = math.inf) -> tuple[int, int]:
    """How many sales of the protocol had one bid and went at the reserve, and how many sales there were. A reserve
    above `posted` Gwei is a posted price, at which everybody buys."""
    read = reader(tables)
    auctions = rows_with(read, "auctions", "market", "primary", "outcome", "bids", "price_gwei", "reserve_gwei")
    sold = [(bids, price, reserve) for outcome, bids, price, reserve in auctions if outcome == "sold"]
    return sum(bids == 1 and price <= reserve <= posted for bids, price, reserve in sold), len(sold)
