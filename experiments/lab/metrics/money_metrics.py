"""Who gets the rewards, and what is made of the blocks."""

from __future__ import annotations

from experiments.lab.metrics.efficiency import (
    best_builder_share,
    buyers_surplus,
    efficiency,
    entry_costs,
    participation,
)
from experiments.lab.metrics.matched_capture import capture, expected_capture
from experiments.lab.metrics.metric import ANY, PART, SHARE, Metric, Range, Take
from experiments.lab.metrics.revenue import (
    capture_cash,
    holders_share,
    protocol_revenue,
    refunded,
    resale_revenue,
    total_reward,
    turnover,
)

BURIAN = "Burian, Crapis and Saleh 2024"
STICHLER = "Stichler 2025"
KRISHNA = "Krishna 2010, ch. 1"
AT_MOST_ALL: Range = (None, 1)


def bidders(market: str) -> Take:
    """The participation rate of a market."""
    return lambda run: participation(run.auctions, run.bids, market)


REVENUE = (
    Metric("reward", "rewards", "ETH", "Σ R over all slots", lambda run: total_reward(run.blocks)),
    Metric(
        "protocol_revenue",
        "protocol revenue",
        "ETH",
        "Σ of all that was paid for tickets (burned; genesis included) − refunds",
        lambda run: protocol_revenue(run.payments),
        ANY,
    ),
    Metric("refunds", "refunds", "ETH", "Σ refunds", lambda run: refunded(run.blocks)),
    Metric(
        "resale_revenue",
        "resale revenue",
        "ETH",
        "Σ secondary prices: paid by one holder to another; where all pay, losers' bids too",
        lambda run: resale_revenue(run.payments),
    ),
    Metric(
        "block_revenue",
        "block revenue",
        "ETH",
        "Σ prices of blocks sold just in time: paid by builders to proposers",
        lambda run: turnover(run.trades, "block"),
    ),
    Metric(
        "holders_gain",
        "gain of those who resell",
        "ETH",
        "Σ (last price − first price) of resold tickets",
        lambda run: run.split.holders,
        ANY,
    ),
    Metric(
        "proposers_gain",
        "gain of proposers",
        "ETH",
        "Σ (price of the block just in time, or own net value) + refunds − last prices of their tickets",
        lambda run: run.split.proposers,
        ANY,
    ),
    Metric(
        "builders_gain",
        "gain of builders",
        "ETH",
        "Σ (net value − price) of blocks sold just in time",
        lambda run: run.split.builders,
        ANY,
    ),
    Metric(
        "outstanding",
        "paid for live tickets",
        "ETH",
        "Σ last prices of the tickets that are live at the end",
        lambda run: run.split.outstanding,
    ),
    Metric(
        "capture",
        "capture",
        SHARE,
        "Σ (price − refund) of the tickets that ended / reward",
        lambda run: capture(run.blocks, run.tickets, run.payments),
        ANY,
    ),
    Metric(
        "capture_expected",
        "capture of expected rewards",
        SHARE,
        "Σ (price − refund) of the tickets that ended / Σ E[R], given what was public at the sale",
        lambda run: expected_capture(run.blocks, run.tickets, run.payments, run.expected_reward),
        ANY,
    ),
    Metric(
        "capture_cash",
        "cash flow over rewards",
        SHARE,
        "protocol_revenue / reward",
        lambda run: capture_cash(run.blocks, run.payments),
        ANY,
        BURIAN,
    ),
    Metric(
        "holders_share",
        "protocol's share of what holders make",
        SHARE,
        "protocol_revenue / what ticket holders made of their blocks (gross, resale earnings deducted)",
        lambda run: holders_share(run.blocks, run.payments),
        ANY,
        STICHLER,
    ),
)
"""Who gets the rewards."""

EFFICIENCY = (
    Metric(
        "efficiency",
        "efficiency",
        SHARE,
        "Σ (R − θ) / Σ max (R − θ)^+",
        lambda run: efficiency(run.blocks),
        AT_MOST_ALL,
        KRISHNA,
    ),
    Metric(
        "best_builder_share",
        "blocks built at the lowest cost",
        SHARE,
        "share of the built blocks that a buyer with the lowest θ built",
        lambda run: best_builder_share(run.blocks),
        PART,
    ),
    Metric(
        "buyers_surplus",
        "surplus of buyers",
        "ETH",
        "Σ (net value − last price of the right to build) − entry_costs",
        lambda run: buyers_surplus(run.blocks, run.trades, entry_costs(run.payments)),
        ANY,
    ),
    Metric("entry_costs", "costs of entry", "ETH", "Σ K sunk by bidders", lambda run: entry_costs(run.payments)),
    *(
        Metric(
            f"participation_{market}",
            f"participation, {market} market",
            SHARE,
            f"share of possible bidders who bid in an auction of the {market} market",
            bidders(market),
            PART,
        )
        for market in ("primary", "secondary", "block")
    ),
)
"""What is made of the blocks, and who takes part."""
