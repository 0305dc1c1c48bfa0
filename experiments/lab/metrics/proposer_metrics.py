"""Who proposes, who holds, and who has several blocks in a row."""

from __future__ import annotations

from experiments.lab.metrics.concentration import (
    gini,
    hhi,
    mean_hhi_of_holdings,
    nakamoto,
    nakamoto_51,
    top_share,
)
from experiments.lab.metrics.control import chance, longest
from experiments.lab.metrics.metric import PART, SHARE, Metric, Range, Take

HERFINDAHL = "Herfindahl 1950; Hirschman 1945"
SRINIVASAN = "Srinivasan and Lee 2017"
STICHLER = "Stichler 2025"
GINI = "Gini 1912"
HHI: Range = (0, 10_000)
NAKAMOTO: Range = (1, None)


def windows(m: int) -> Take:
    """How often m blocks in a row have one proposer."""
    return lambda run: chance(run.proposers, m)


CONCENTRATION = (
    Metric(
        "top_share",
        "share of the largest proposer",
        SHARE,
        "max W / Σ W, W_i the blocks that i proposed",
        lambda run: top_share(run.proposals),
        PART,
        STICHLER,
    ),
    Metric(
        "hhi",
        "HHI of proposals",
        "HHI",
        "Σ (100 W_i / Σ W)²",
        lambda run: hhi(run.proposals),
        HHI,
        HERFINDAHL,
    ),
    Metric(
        "nakamoto",
        "Nakamoto coefficient of proposals",
        "proposers",
        "least number with more than half of the proposals",
        lambda run: nakamoto(run.proposals),
        NAKAMOTO,
        SRINIVASAN,
    ),
    Metric(
        "nakamoto_51",
        "Nakamoto coefficient of proposals at 51 %",
        "proposers",
        "least number with at least 51 % of the proposals",
        lambda run: nakamoto_51(run.proposals),
        NAKAMOTO,
        STICHLER,
    ),
    Metric(
        "gini",
        "Gini coefficient of proposals",
        "Gini",
        "Gini coefficient of W among those who proposed a block",
        lambda run: gini(run.proposals),
        PART,
        GINI,
    ),
    Metric(
        "hhi_holdings",
        "HHI of ticket holdings",
        "HHI",
        "HHI of the tickets held at a slot's end, mean over slots",
        lambda run: mean_hhi_of_holdings(run.blocks),
        HHI,
        HERFINDAHL,
    ),
    Metric(
        "top_share_holdings",
        "share of the largest holder",
        SHARE,
        "share of the holder with the most tickets, by its mean number of tickets",
        lambda run: top_share(run.holdings),
        PART,
    ),
    Metric(
        "nakamoto_holdings",
        "Nakamoto coefficient of ticket holdings",
        "holders",
        "least number with more than half of the held tickets, by mean number of tickets",
        lambda run: nakamoto(run.holdings),
        NAKAMOTO,
        SRINIVASAN,
    ),
    Metric(
        "gini_holdings",
        "Gini coefficient of ticket holdings",
        "Gini",
        "Gini coefficient of the mean number of tickets, among those who ever held one",
        lambda run: gini(run.holdings),
        PART,
        GINI,
    ),
)
"""Who proposes and who holds."""

CONTROL = (
    Metric(
        "longest_run",
        "most blocks in a row",
        "blocks",
        "most blocks in a row by one proposer",
        lambda run: longest(run.proposers),
    ),
    *(
        Metric(
            f"same_proposer_{m}",
            f"{m} blocks in a row of one proposer",
            SHARE,
            f"share of the windows of {m} consecutive blocks that one proposer has whole",
            windows(m),
            PART,
        )
        for m in (2, 3, 4)
    ),
)
"""Several blocks in a row."""
