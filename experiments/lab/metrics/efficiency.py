"""How well blocks are allocated, what buyers keep, and how many of them take part."""

from __future__ import annotations

import numpy as np

from chain.money import gwei_to_eth
from experiments.lab.metrics.averages import ratio
from experiments.lab.metrics.columns import Columns, Floats, belongs, having, labels, numbers
from experiments.lab.metrics.round_prices import paid_by_block
from market.entry_costs import REASONS


def efficiency(blocks: Columns) -> float | None:
    """Allocative efficiency: net value made of the blocks over the most that the best buyer would have made
    of them, Σ (R − θ) / Σ max (R − θ)^+, empty slots included (the ratio of realised to greatest surplus,
    e.g. Krishna 2010, ch. 1).
    """
    return ratio(numbers(blocks["net_gwei"]).sum(), numbers(blocks["best_gwei"]).sum())


def best_builder_share(blocks: Columns) -> float | None:
    """How often the block was built by a buyer with the lowest cost, as a share of the blocks that were built."""
    built = ~np.isnan(numbers(blocks["cost_gwei"]))
    best = numbers(blocks["net_gwei"]) == numbers(blocks["best_gwei"])
    return ratio((built & best).sum(), built.sum())


def rights_paid(blocks: Columns, trades: Columns) -> Floats:
    """What the one who could build a block last paid for the right, Gwei, by block: just in time, else for the
    ticket; 0 where the right was endowed.
    """
    just_in_time = numbers(blocks["block_price_gwei"])
    for_ticket = paid_by_block(blocks, trades, "primary", "secondary")
    return np.where(np.isnan(just_in_time), for_ticket, just_in_time)


def buyers_surplus(blocks: Columns, trades: Columns, entry: float = 0.0) -> float:
    """Σ (net value − price of the right) over all blocks, less the cost of entering auctions, ETH.

    A block that its buyer misses or leaves unexploited counts minus its price. `entry`: all K paid, ETH.
    """
    return gwei_to_eth((numbers(blocks["net_gwei"]) - rights_paid(blocks, trades)).sum()) - entry


def entry_costs(payments: Columns) -> float:
    """What bidders sank to enter auctions, ETH."""
    entering = having(payments["reason"], *REASONS.values())
    return gwei_to_eth(numbers(payments["amount_gwei"])[entering].sum())


def participation(auctions: Columns, bids: Columns, market: str) -> float | None:
    """The share of possible bidders who bid in an auction: Σ bidders / Σ possible bidders, over the
    auctions of a market that came to their close.

    Possible bidders are all who ever bid in this market, the auction's own seller left out.
    """
    here = having(auctions["market"], market)
    closed = having(auctions["outcome"], "sold", "unsold")
    theirs = np.isin(np.asarray(bids["auction"]), np.asarray(auctions["auction"])[here])
    bidders = set(labels(bids["bidder"])[theirs].tolist())
    sellers = belongs(auctions["seller"], bidders)[here & closed]
    possible = len(bidders) * sellers.size - sellers.sum()
    return ratio(numbers(auctions["bids"])[here & closed].sum(), possible)
