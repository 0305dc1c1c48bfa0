"""What censors do, where the caller names them."""

from __future__ import annotations

from experiments.lab.metrics.censors import (
    censored_share,
    cost_per_block,
    delay,
    longest_censorship,
    premium_per_block,
)
from experiments.lab.metrics.metric import ANY, PART, SHARE, Metric, Take


def of_censors(take: Take) -> Take:
    """None where no censors are named."""
    return lambda run: take(run) if run.censors else None


CENSORSHIP = (
    Metric(
        "censored_share",
        "blocks of censors",
        SHARE,
        "share of all blocks that a censor proposed",
        of_censors(lambda run: censored_share(run.proposers, run.censors)),
        PART,
    ),
    Metric(
        "censored_run",
        "most blocks of censors in a row",
        "blocks",
        "most blocks in a row that censors proposed",
        of_censors(lambda run: longest_censorship(run.proposers, run.censors)),
    ),
    Metric(
        "censored_delay",
        "wait of a censored transaction, mean",
        "blocks",
        "blocks that a censored transaction waits, mean over slots of arrival",
        of_censors(lambda run: delay(run.proposers, run.censors).mean),
    ),
    Metric(
        "censored_delay_max",
        "wait of a censored transaction, longest",
        "blocks",
        "blocks that a censored transaction waits, longest",
        of_censors(lambda run: delay(run.proposers, run.censors).longest),
    ),
    Metric(
        "censor_cost",
        "what a block costs a censor",
        "ETH per block",
        "mean gain of other proposers from a block − that of censors",
        of_censors(lambda run: cost_per_block(run.blocks, run.trades, run.censors)),
        ANY,
    ),
    Metric(
        "censor_premium",
        "what a censor pays above others",
        "ETH per block",
        "Σ (price − best other bid or reserve) in auctions that censors won, by block they proposed",
        of_censors(lambda run: premium_per_block(run.blocks, run.auctions, run.bids, run.censors)),
        ANY,
    ),
)
"""Where censors are named."""
