"""Every metric that one run alone can give: its name, its unit, its formula, and how to take it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from experiments.lab.metrics.averages import mean, median
from experiments.lab.metrics.censors import (
    censored_share,
    cost_per_block,
    delay,
    longest_censorship,
    premium_per_block,
)
from experiments.lab.metrics.columns import having
from experiments.lab.metrics.concentration import (
    gini,
    hhi,
    mean_hhi_of_holdings,
    nakamoto,
    nakamoto_51,
    top_share,
)
from experiments.lab.metrics.control import chance, longest
from experiments.lab.metrics.efficiency import (
    best_builder_share,
    buyers_surplus,
    efficiency,
    entry_costs,
    participation,
)
from experiments.lab.metrics.matched_capture import (
    capture,
    ended_per_block,
    expected_capture,
    handed_out_that_ended,
)
from experiments.lab.metrics.orderbook import times_on_book, times_to_fill
from experiments.lab.metrics.prices import change_variance, garman_klass, held_before_sale, sale_mean, volatility
from experiments.lab.metrics.revenue import (
    holders_share,
    mev_capture,
    protocol_revenue,
    refunded,
    running_capture,
    total_reward,
    turnover,
)
from experiments.lab.metrics.tables import Tables
from experiments.lab.metrics.timing import blocks_to_maturity, ex_ante_share, resold_share, sale_blocks


class Metric(NamedTuple):
    """One figure of a run. `take` gives it, or None where the run has nothing to take it of."""

    name: str
    unit: str
    meaning: str
    take: Callable[[Tables], float | None]


def windows(m: int) -> Callable[[Tables], float | None]:
    """How often m blocks in a row have one proposer, %."""

    def take(run: Tables) -> float | None:
        share = chance(run.proposers, m)
        if share is None:
            return None
        return 100 * share

    return take


def bidders(market: str) -> Callable[[Tables], float | None]:
    """The participation rate of a market."""
    return lambda run: participation(run.auctions, run.bids, market)


def of_censors(take: Callable[[Tables], float | None]) -> Callable[[Tables], float | None]:
    """None where no censors are named."""
    return lambda run: take(run) if run.censors else None


CONCENTRATION = (
    Metric(
        "top_share", "%", "100 max W / Σ W, W_i the blocks that i proposed", lambda run: top_share(run.proposals)
    ),
    Metric("hhi", "0 to 10,000", "Σ (100 W_i / Σ W)²", lambda run: hhi(run.proposals)),
    Metric(
        "nakamoto",
        "proposers",
        "least number with more than half of the proposals",
        lambda run: nakamoto(run.proposals),
    ),
    Metric(
        "nakamoto_51",
        "proposers",
        "least number with at least 51 % of the proposals",
        lambda run: nakamoto_51(run.proposals),
    ),
    Metric(
        "gini", "0 to 1", "Gini coefficient of W among those who proposed a block", lambda run: gini(run.proposals)
    ),
    Metric(
        "hhi_holdings",
        "0 to 10,000",
        "HHI of the tickets held at a slot's end, mean over slots",
        lambda run: mean_hhi_of_holdings(run.blocks),
    ),
    Metric(
        "top_share_holdings",
        "%",
        "share of the holder with the most tickets, by its mean number of tickets",
        lambda run: top_share(run.holdings),
    ),
    Metric(
        "nakamoto_holdings",
        "holders",
        "least number with more than half of the held tickets, by mean number of tickets",
        lambda run: nakamoto(run.holdings),
    ),
    Metric(
        "gini_holdings",
        "0 to 1",
        "Gini coefficient of the mean number of tickets, among those who ever held one",
        lambda run: gini(run.holdings),
    ),
)
"""Who proposes and who holds."""

CONTROL = (
    Metric("longest_run", "blocks", "most blocks in a row by one proposer", lambda run: longest(run.proposers)),
    *(
        Metric(
            f"same_proposer_{m}",
            "%",
            f"share of the windows of {m} consecutive blocks that one proposer has whole",
            windows(m),
        )
        for m in (2, 3, 4)
    ),
)
"""Several blocks in a row."""

REVENUE = (
    Metric("reward", "ETH", "Σ R over all slots", lambda run: total_reward(run.blocks)),
    Metric(
        "protocol_revenue",
        "ETH",
        "Σ primary prices (burned; genesis included) − refunds",
        lambda run: protocol_revenue(run.blocks, run.trades),
    ),
    Metric("refunds", "ETH", "Σ refunds", lambda run: refunded(run.blocks)),
    Metric(
        "resale_revenue",
        "ETH",
        "Σ secondary prices: paid by one holder to another",
        lambda run: turnover(run.trades, "secondary"),
    ),
    Metric(
        "block_revenue",
        "ETH",
        "Σ prices of blocks sold just in time: paid by builders to proposers",
        lambda run: turnover(run.trades, "block"),
    ),
    Metric("holders_gain", "ETH", "Σ (last price − first price) of resold tickets", lambda run: run.split.holders),
    Metric(
        "proposers_gain",
        "ETH",
        "Σ (price of the block just in time, or own net value) + refunds − last prices of their tickets",
        lambda run: run.split.proposers,
    ),
    Metric(
        "builders_gain", "ETH", "Σ (net value − price) of blocks sold just in time", lambda run: run.split.builders
    ),
    Metric(
        "outstanding",
        "ETH",
        "Σ last prices of the tickets that are live at the end",
        lambda run: run.split.outstanding,
    ),
    Metric(
        "capture",
        "share",
        "Σ (price − refund) of the tickets that ended / reward",
        lambda run: capture(run.blocks, run.tickets, run.payments),
    ),
    Metric(
        "capture_expected",
        "share",
        "the same / Σ E[R], given what was public when the block's ticket was sold",
        lambda run: expected_capture(run.blocks, run.tickets, run.payments, run.expected_reward),
    ),
    Metric(
        "tickets_ended_per_block",
        "tickets",
        "tickets that ended held: proposed, missed, expired, returned; by block",
        lambda run: ended_per_block(run.blocks, run.tickets),
    ),
    Metric(
        "handed_out_tickets",
        "tickets",
        "those of them that were handed out at genesis, at price 0",
        lambda run: handed_out_that_ended(run.blocks, run.tickets, run.transfers),
    ),
    Metric("mev_capture", "%", "100 protocol_revenue / reward", lambda run: mev_capture(run.blocks, run.trades)),
    Metric(
        "running_capture", "%", "the same without the sale of genesis", lambda run: running_capture(run.blocks)
    ),
    Metric(
        "holders_share",
        "%",
        "100 protocol_revenue / what ticket holders made of their blocks (gross, resale earnings deducted)",
        lambda run: holders_share(run.blocks, run.trades),
    ),
)
"""Who gets the rewards."""

EFFICIENCY = (
    Metric("efficiency", "%", "100 Σ (R − θ) / Σ max (R − θ)^+", lambda run: efficiency(run.blocks)),
    Metric(
        "best_builder_share",
        "%",
        "share of the built blocks that a buyer with the lowest θ built",
        lambda run: best_builder_share(run.blocks),
    ),
    Metric(
        "buyers_surplus",
        "ETH",
        "Σ (net value − last price of the right to build) − entry_costs",
        lambda run: buyers_surplus(run.blocks, run.trades, entry_costs(run.payments)),
    ),
    Metric("entry_costs", "ETH", "Σ K sunk by bidders", lambda run: entry_costs(run.payments)),
    *(
        Metric(
            f"participation_{market}",
            "%",
            f"share of possible bidders who bid in an auction of the {market} market",
            bidders(market),
        )
        for market in ("primary", "secondary", "block")
    ),
)
"""What is made of the blocks, and who takes part."""

TIMING = (
    Metric(
        "sale_block",
        "blocks",
        "blocks since the ticket's first session at a resale, mean",
        lambda run: mean(sale_blocks(run.trades)),
    ),
    Metric("sale_block_median", "blocks", "the same, median", lambda run: median(sale_blocks(run.trades))),
    Metric(
        "to_maturity",
        "blocks",
        "blocks left to the ticket's maturity at a resale, mean",
        lambda run: mean(blocks_to_maturity(run.trades)),
    ),
    Metric("to_maturity_median", "blocks", "the same, median", lambda run: median(blocks_to_maturity(run.trades))),
    Metric("ex_ante_share", "%", "share of the resales before the draw", lambda run: ex_ante_share(run.trades)),
    Metric(
        "resold_share",
        "%",
        "share of the tickets sold by the protocol that were sold on",
        lambda run: resold_share(run.trades),
    ),
)
"""When tickets are sold on."""

PRICES = (
    Metric(
        "mean_price",
        "ETH",
        "primary price at a slot's end: posted, or else that of the last sale; mean over slots",
        lambda run: mean(run.prices),
    ),
    Metric("mean_primary_price", "ETH", "mean over primary sales", lambda run: sale_mean(run.trades, "primary")),
    Metric("mean_secondary_price", "ETH", "mean over resales", lambda run: sale_mean(run.trades, "secondary")),
    Metric(
        "mean_block_price", "ETH", "mean over blocks sold just in time", lambda run: sale_mean(run.trades, "block")
    ),
    Metric(
        "garman_klass",
        "per epoch",
        "sqrt(mean[½ ln²(H/L) − (2 ln 2 − 1) ln²(C/O)]) of the primary price, by epoch (32 slots)",
        lambda run: garman_klass(run.prices),
    ),
    Metric(
        "price_change_variance",
        "ETH²",
        "population variance of p_t − p_(t−1), primary; p_(−1) is what handed-out tickets cost",
        lambda run: change_variance(run.prices_from_start),
    ),
    Metric(
        "volatility",
        "per slot",
        "standard deviation of ln(p_t / p_(t−1)), primary",
        lambda run: volatility(run.prices),
    ),
    Metric(
        "volatility_secondary",
        "per slot",
        "the same of the secondary price",
        lambda run: volatility(run.resale_prices),
    ),
)
"""What tickets and blocks cost."""

BOOK = (
    Metric(
        "spread",
        "ETH",
        "best ask − best bid, mean over series with both and then over slots",
        lambda run: mean(run.quoted.spread),
    ),
    Metric("relative_spread", "%", "100 spread / middle, likewise", lambda run: mean(run.quoted.relative)),
    Metric(
        "bid_depth", "orders", "resting bids at a slot's end, mean over slots", lambda run: mean(run.depth.bids)
    ),
    Metric(
        "ask_depth", "orders", "resting asks at a slot's end, mean over slots", lambda run: mean(run.depth.asks)
    ),
    Metric(
        "time_on_book",
        "slots",
        "from arrival to end of the orders that rested, mean",
        lambda run: mean(times_on_book(run.orders, run.slot_ms)),
    ),
    Metric(
        "time_to_fill",
        "slots",
        "the same of those that were filled",
        lambda run: mean(times_to_fill(run.orders, run.slot_ms)),
    ),
)
"""The order book."""

SLOTS = (
    Metric(
        "held_tickets",
        "tickets",
        "tickets held by participants once a slot's block is settled, before its sale; mean over slots",
        lambda run: mean(held_before_sale(run.blocks, run.trades)),
    ),
    Metric(
        "empty_slots",
        "slots",
        "slots without a proposal",
        lambda run: run.length - having(run.blocks["status"], "proposed").sum(),
    ),
    Metric("expired_tickets", "tickets", "tickets that expired undrawn", lambda run: run.blocks["expired"].sum()),
)
"""Slots and tickets."""

CENSORSHIP = (
    Metric(
        "censored_share",
        "%",
        "share of all blocks that a censor proposed",
        of_censors(lambda run: censored_share(run.proposers, run.censors)),
    ),
    Metric(
        "censored_run",
        "blocks",
        "most blocks in a row that censors proposed",
        of_censors(lambda run: longest_censorship(run.proposers, run.censors)),
    ),
    Metric(
        "censored_delay",
        "blocks",
        "blocks that a censored transaction waits, mean over slots of arrival",
        of_censors(lambda run: delay(run.proposers, run.censors).mean),
    ),
    Metric(
        "censored_delay_max",
        "blocks",
        "the same, the longest",
        of_censors(lambda run: delay(run.proposers, run.censors).longest),
    ),
    Metric(
        "censor_cost",
        "ETH per block",
        "mean gain of other proposers from a block − that of censors",
        of_censors(lambda run: cost_per_block(run.blocks, run.trades, run.censors)),
    ),
    Metric(
        "censor_premium",
        "ETH per block",
        "Σ (price − best other bid or reserve) in auctions that censors won, by block they proposed",
        of_censors(lambda run: premium_per_block(run.blocks, run.auctions, run.bids, run.censors)),
    ),
)
"""Where censors are named."""

METRICS = (*CONCENTRATION, *CONTROL, *REVENUE, *EFFICIENCY, *TIMING, *PRICES, *BOOK, *SLOTS, *CENSORSHIP)
"""All of them, in the order in which `measure` gives them."""


def take_all(run: Tables) -> dict[str, float | None]:
    """Every metric of one run, by name; None where the run has nothing to take it of."""
    return {metric.name: plain(metric.take(run)) for metric in METRICS}


def plain(value: float | None) -> float | None:
    """A number that JSON can hold."""
    if value is not None and math.isfinite(value):
        return float(value)
    return None
