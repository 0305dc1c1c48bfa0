"""When tickets are sold on, what tickets and blocks cost, and the order book."""

from __future__ import annotations

from experiments.lab.metrics.averages import mean, median
from experiments.lab.metrics.metric import ANY, PART, SHARE, Metric
from experiments.lab.metrics.orderbook import times_on_book, times_to_fill
from experiments.lab.metrics.prices import change_variance, garman_klass, sale_mean, volatility
from experiments.lab.metrics.timing import blocks_to_maturity, ex_ante_share, resold_share, sale_blocks

TIMING = (
    Metric(
        "sale_block",
        "block of a resale, mean",
        "blocks",
        "blocks since the ticket's first session at a resale, mean",
        lambda run: mean(sale_blocks(run.trades)),
    ),
    Metric(
        "sale_block_median",
        "block of a resale, median",
        "blocks",
        "blocks since the ticket's first session at a resale, median",
        lambda run: median(sale_blocks(run.trades)),
    ),
    Metric(
        "to_maturity",
        "blocks to maturity at a resale, mean",
        "blocks",
        "blocks left to the ticket's maturity at a resale, mean",
        lambda run: mean(blocks_to_maturity(run.trades)),
    ),
    Metric(
        "to_maturity_median",
        "blocks to maturity at a resale, median",
        "blocks",
        "blocks left to the ticket's maturity at a resale, median",
        lambda run: median(blocks_to_maturity(run.trades)),
    ),
    Metric(
        "ex_ante_share",
        "resales before the draw",
        SHARE,
        "share of the resales before the draw",
        lambda run: ex_ante_share(run.trades),
        PART,
    ),
    Metric(
        "resold_share",
        "tickets sold on",
        SHARE,
        "share of the tickets sold by the protocol that were sold on",
        lambda run: resold_share(run.trades),
        PART,
    ),
)
"""When tickets are sold on."""

PRICES = (
    Metric(
        "mean_price",
        "primary price, mean over slots",
        "ETH",
        "primary price at a slot's end: posted, or else that of the last sale; mean over slots",
        lambda run: mean(run.prices),
        source="Stichler 2025",
    ),
    Metric(
        "mean_primary_price",
        "primary price, mean over sales",
        "ETH",
        "mean over primary sales",
        lambda run: sale_mean(run.trades, "primary"),
    ),
    Metric(
        "mean_secondary_price",
        "resale price, mean",
        "ETH",
        "mean over resales",
        lambda run: sale_mean(run.trades, "secondary"),
    ),
    Metric(
        "mean_block_price",
        "price of a block, mean",
        "ETH",
        "mean over blocks sold just in time",
        lambda run: sale_mean(run.trades, "block"),
    ),
    Metric(
        "garman_klass",
        "Garman–Klass volatility of the primary price",
        "per epoch",
        "sqrt(mean[½ ln²(H/L) − (2 ln 2 − 1) ln²(C/O)]) of the primary price, by epoch (32 slots)",
        lambda run: garman_klass(run.prices),
        source="Garman and Klass 1980",
    ),
    Metric(
        "price_change_variance",
        "variance of primary price changes",
        "ETH²",
        "population variance of p_t − p_(t−1), primary; p_(−1) is what handed-out tickets cost",
        lambda run: change_variance(run.prices_from_start),
        source="Stichler 2025",
    ),
    Metric(
        "volatility",
        "volatility of the primary price",
        "per slot",
        "standard deviation of ln(p_t / p_(t−1)), primary",
        lambda run: volatility(run.prices),
    ),
    Metric(
        "volatility_secondary",
        "volatility of the resale price",
        "per slot",
        "standard deviation of ln(p_t / p_(t−1)), secondary",
        lambda run: volatility(run.resale_prices),
    ),
)
"""What tickets and blocks cost."""

BOOK = (
    Metric(
        "spread",
        "spread",
        "ETH",
        "best ask − best bid, mean over series with both and then over slots",
        lambda run: mean(run.quoted.spread),
        ANY,
    ),
    Metric(
        "relative_spread",
        "spread over the middle",
        SHARE,
        "spread / middle, mean over series with both and then over slots",
        lambda run: mean(run.quoted.relative),
        ANY,
    ),
    Metric(
        "bid_depth",
        "resting bids",
        "orders",
        "resting bids at a slot's end, mean over slots",
        lambda run: mean(run.depth.bids),
    ),
    Metric(
        "ask_depth",
        "resting asks",
        "orders",
        "resting asks at a slot's end, mean over slots",
        lambda run: mean(run.depth.asks),
    ),
    Metric(
        "time_on_book",
        "time on the book",
        "slots",
        "from arrival to end of the orders that rested, mean",
        lambda run: mean(times_on_book(run.orders, run.slot_ms)),
    ),
    Metric(
        "time_to_fill",
        "time to a fill",
        "slots",
        "from arrival to end of the orders that rested and were filled, mean",
        lambda run: mean(times_to_fill(run.orders, run.slot_ms)),
    ),
)
"""The order book."""
