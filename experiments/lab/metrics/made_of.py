"""What each metric is a mean, a sum, a share or a ratio over, which decides what many runs can say of it.

Over many blocks or sales such a figure is next to normal, unless a few of them are most of it: their tail tells.
All metrics that are not named here are one draw a run: extremes, medians, standard deviations, concentration.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from experiments.lab.metrics.columns import Floats, having, numbers, read
from experiments.lab.statistics import ONE_DRAW, Largest, Sampling, UpperTail, largest_of

REWARDS = "rewards"
SALES = ("primary", "secondary", "block")

AMOUNTS: dict[str, tuple[str, ...]] = {
    REWARDS: (
        "reward",
        "capture",
        "capture_cash",
        "holders_share",
        "proposers_gain",
        "builders_gain",
        "buyers_surplus",
        "efficiency",
        "censor_cost",
    ),
    "primary": ("protocol_revenue", "capture_expected", "mean_price", "mean_primary_price"),
    "secondary": ("resale_revenue", "holders_gain", "mean_secondary_price"),
    "block": ("block_revenue", "mean_block_price"),
}
"""By the amounts whose tail is theirs. The block's reward is in both parts of a ratio of amounts."""

COUNTS: dict[str, tuple[str, ...]] = {
    REWARDS: (
        "same_proposer_2",
        "same_proposer_3",
        "same_proposer_4",
        "refunds",
        "tickets_ended_per_block",
        "entry_costs",
        "best_builder_share",
        "participation_primary",
        "participation_secondary",
        "participation_block",
        "hhi_holdings",
        "top_share_holdings",
        "held_tickets",
        "tickets_sold_per_used",
        "tickets_minted",
        "tickets_burned",
        "expired_tickets",
        "handed_out_tickets",
        "empty_slots",
        "trades",
        "ex_ante_sales",
        "ex_post_sales",
        "block_sales",
        "violations",
        "spread",
        "relative_spread",
        "bid_depth",
        "ask_depth",
        "time_on_book",
        "time_to_fill",
        "censored_share",
        "censored_delay",
    ),
    "primary": ("resold_share",),
    "secondary": ("sale_block", "to_maturity", "ex_ante_share"),
}
"""By what they count or average without a weight that has a tail: blocks, each of which has a reward, or sales."""


def read_largest(tables: Path) -> dict[str, Largest]:
    """The largest of one run's rewards and of its prices, by market. Raises `InputError`."""
    rewards = numbers(read(tables, "blocks", "reward_gwei")["reward_gwei"])
    trades = read(tables, "trades", "market", "price_gwei")
    prices = numbers(trades["price_gwei"])
    sales = {name: largest_of(sold(trades["market"], prices, name)) for name in SALES}
    return {REWARDS: largest_of(rewards), **sales}


def sold(markets: object, prices: Floats, name: str) -> Floats:
    """The prices in one market."""
    return prices[having(markets, name)]


def sampling_of(metric: str, tails: Mapping[str, UpperTail], runs: int) -> Sampling:
    """What a metric of `runs` runs with these tails, each pooled over them, is made of."""
    for over, names in AMOUNTS.items():
        if metric in names and over in tails:
            return Sampling(tails[over].values // runs, tails[over])
    for over, names in COUNTS.items():
        if metric in names and over in tails:
            return Sampling(tails[over].values // runs)
    return ONE_DRAW
