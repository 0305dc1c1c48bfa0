"""Figures of the docs that no experiment answers, computed here for their markers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import comb, hypot, sqrt

import numpy as np
from scipy.linalg import solve_discrete_are

from chain.rewards.mevboost import LAWS, MEMORY, NOISE_SHARE, score_autocorrelation
from chain.rewards.score_filter import ScoreFilter
from experiments import calibration
from strategies.margin import SHARE
from tests.docs.doc_answers import case
from tests.experiments.test_published_presets import PUBLISHED, RUNS
from tests.places import DOCS


def explained_by_last(ahead: int = 1) -> float:
    """The share of the variance of the score so many blocks on that the last one explains."""
    return score_autocorrelation(ahead) ** 2


def explained_by(scores: int, ahead: int = 1) -> float:
    """The same of so many scores, by the filter of Kalman (1960)."""
    shares, blocks = np.array(MEMORY).T
    pull = np.exp(-1 / blocks)
    learner = ScoreFilter(np.sqrt(shares), pull, NOISE_SHARE)
    for _ in range(scores):
        learner.learn(0.0)
    return 1 - learner.learnt.forecast(np.sqrt(shares) * pull**ahead)[1]


def explained_by_all(ahead: int = 1) -> float:
    """The same of all scores before, by the filter in its steady state."""
    shares, blocks = np.array(MEMORY).T
    pull = np.diag(np.exp(-1 / blocks))
    shock = np.diag(shares * -np.expm1(-2 / blocks))
    seen = np.ones((1, shares.size))
    next_one = solve_discrete_are(pull.T, seen.T, shock, [[NOISE_SHARE]])
    further = np.diag(np.exp(-(ahead - 1) / blocks))
    unknown = further @ (next_one - np.diag(shares)) @ further
    return float(-unknown.sum())


def median_level(seeds: int, inside: int) -> float:
    """The chance that the `inside`-th smallest and largest of independent draws have the median between them."""
    return 1 - 2 * sum(comb(seeds, below) for below in range(inside)) / 2**seeds


BUILDERS = ("naive", "adaptive", "last_minute")
MIXES = {
    "three kinds": "naive, adaptive, last minute",
    "with bluff": "with bluff",
    "with stealth": "with stealth",
    "with latency-aware": "with latency-aware",
}
"""The cases of `bidding_war` and how their keys begin."""


def of_builders(
    measure: str, place: str, mix: str = "three kinds", kinds: Sequence[str] = BUILDERS
) -> list[float]:
    """A measure of each kind of builder; `place`: the proposer's standard deviation, ms, and the delay, 10 ms."""
    found = case("bidding_war", f"full, {mix}")
    return [found[f"{MIXES[mix]}.{place}.{kind}.{measure}"] for kind in kinds]


def wins(place: str, mix: str = "three kinds", kinds: Sequence[str] = BUILDERS) -> list[float]:
    """The share of auctions that each kind wins, percent."""
    return [100 * share for share in of_builders("win_share", place, mix, kinds)]


def wins_pm(place: str, mix: str, kind: str) -> list[float]:
    """That of one kind, and half of its 95 % interval, percent."""
    return [*wins(place, mix, [kind]), 100 * of_builders("win_share_pm", place, mix, [kind])[0]]


def profits(place: str) -> list[float]:
    """The mean profit of a win of each kind, ETH."""
    return of_builders("profit_per_win", place)


def efficiency(place: str, mix: str = "three kinds") -> list[float]:
    """The winning bid over all value, and half of its 95 % interval, percent."""
    found = case("bidding_war", f"full, {mix}")
    return [100 * found[f"{MIXES[mix]}.{place}.efficiency{end}"] for end in ("", "_pm")]


def widest(measure: str) -> float:
    """The widest half of a 95 % interval in the table of the three kinds."""
    return max(pm for place in ("0.1", "0.10", "100.1", "100.10") for pm in of_builders(f"{measure}_pm", place))


def quantiles(measure: str, column: str, levels: Sequence[float]) -> list[float]:
    """Quantiles of `calibration`: `paper`, `fitted`, both ends of its interval, or what was `measured`."""
    if column == "measured":
        measured = {(name, level): value for name, level, value in calibration.targets()}
        return [measured[measure, level] for level in levels]
    return [case("calibration")[f"{measure}.{level}.{column}"] for level in levels]


def off(levels: Sequence[float] = calibration.PAYMENT_LEVELS) -> list[float]:
    """By how much fitted payments are off those measured, and half of the 95 % intervals of that, percent."""
    columns = ("measured", "fitted", "low", "high")
    table = zip(*(quantiles("payment", column, levels) for column in columns), strict=True)
    return [
        100 * figure
        for measured, fitted, low, high in table
        for figure in (fitted / measured - 1, (high - low) / 2 / measured)
    ]


def fit(*names: str) -> list[float]:
    """Numbers that `calibration` fitted."""
    return [case("calibration")[f"fit.{name}"] for name in names]


def gap(spot: str) -> list[float]:
    """The gap of a spot auction to the ticket, half of its 95 % interval, and its efficiency, percent."""
    found = case("spot_against_ticket")
    return [100 * found[f"{spot}.{name}"] for name in ("gap_share", "gap_share_pm", "efficiency")]


def margin() -> float:
    """What builders keep of a value, percent."""
    return 100 * SHARE


def median_payment(year: str) -> float:
    """The median payment of a period, ETH."""
    return float(LAWS[year].payments_at(np.zeros(1))[0])


def effect(claim: str, place: str) -> list[float]:
    """What a choice changes in `design_space`, and the ends of its 95 % interval; of shares in points."""
    found = case("design_space")
    name = next(key for key in found if key.startswith(f"{claim}.{place}.") and key.endswith(".mean"))
    scale = 1 if "garman_klass" in name else 100
    return [scale * found[name.removesuffix("mean") + end] for end in ("mean", "low", "high")]


def resale_effect(pricing: str, supply: int) -> list[float]:
    """What a secondary market changes in the top share of a cell without expiry, and its interval, points."""
    found = case("design_space")
    name = f"a secondary market.{pricing}.T=none.N={supply}.top_share"
    return [100 * found[f"{name}.{end}"] for end in ("mean", "low", "high")]


def design(name: str) -> list[float]:
    """The row of one of the six designs: capture, percent, tickets sold by one used, those handed out that ended,
    what it captures in cash, and its top share, percent."""
    found = case("design_space")
    scales = {
        "capture": 100,
        "tickets_sold_per_used": 1,
        "handed_out_tickets": 1,
        "capture_cash": 100,
        "top_share": 100,
    }
    return [scale * found[f"{name}.{metric}"] for metric, scale in scales.items()]


def steady(name: str) -> float:
    """What one of the six designs captures in cash by each ticket that is used, percent."""
    found = case("design_space")
    return 100 * found[f"{name}.capture_cash"] / found[f"{name}.tickets_sold_per_used"]


def lost_by_expiry() -> list[float]:
    """The share of what the AMM and the 1559 controller capture that is lost where tickets expire, by cell."""
    found = case("design_space")
    cells = [
        (f"{pricing}.{resale}", supply)
        for pricing in ("amm", "eip1559")
        for resale in ("no resale", "resale")
        for supply in (100, 200)
    ]
    return [
        1 - found[f"{cell}.T=128.N={supply}.capture_cash"] / found[f"{cell}.T=none.N={supply}.capture_cash"]
        for cell, supply in cells
    ]


def agreement(preset: str, metric: str, mean: float, sd: float) -> list[float]:
    """A row of the table of docs/published.md: our mean ± sd, the published ones, z.

    The mean is the answer's of `design_space` where that has the metric: its cell is the preset as it is.
    """
    scale = 100 if metric in ("top_share", "capture_cash") else 1
    mean = scale * case("design_space").get(f"{preset}.no resale.T=none.N=100.{metric}", mean / scale)
    theirs, spread, *runs = PUBLISHED[preset][metric]
    error = hypot(sd / sqrt(RUNS), spread / sqrt(*runs or [RUNS]))
    return [mean, sd, theirs, spread, (mean - theirs) / error]


def printed(page: str, row: str) -> list[float]:
    """The numbers behind the first words of a line that a page shows as printed by its code, with which it is
    compared."""
    text = (DOCS / page).read_text(encoding="utf-8")
    shown = "\n".join(re.findall(r"^<!-- output -->\n```text\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    words = r"\s+".join(map(re.escape, row.split()))
    (rest,) = re.findall(rf"^\s*{words}\s+(.*)$", shown, re.MULTILINE)
    return [float(number) for number in re.findall(r"-?\d+\.?\d*", rest)]
