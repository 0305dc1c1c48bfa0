"""What a choice of design changes, and whether that bears out what was claimed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from experiments.lab.statistics import FIGURES, ONE_DRAW, Sampling, describe, figures

Contrasts = dict[tuple[str, str], pd.DataFrame]
"""By contrast and pricing, paired differences: a row for each seed, a column for each metric."""

NOTHING_KNOWN: Mapping[str, Sampling] = {}
"""Of no metric is it known what it is made of."""


class Finding(NamedTuple):
    """A claim about one metric: a contrast, a direction (+1: raises it, −1: lowers it), or, with direction 0, that
    the change is within `margin` of nothing."""

    claim: str
    contrast: str
    metric: str
    direction: int
    margin: float = 0.0


FINDINGS = (
    Finding("captures more than 1559 pricing", "less eip1559", "capture_cash", +1),
    Finding("second price captures more", "less first_price", "capture_cash", +1),
    Finding("second price captures more", "less amm", "capture_cash", +1),
    Finding("a secondary market raises capture", "secondary", "capture_cash", +1),
    Finding("a secondary market spreads proposing", "secondary", "top_share", -1),
    Finding("a secondary market spreads proposing", "secondary", "hhi", -1),
    Finding("expiry makes prices less steady", "maturity", "garman_klass", +1),
    Finding("expiry costs capture", "maturity", "capture_cash", -1),
    Finding("refunds change capture by less than a point", "refund", "capture_cash", 0, margin=0.01),
    Finding("look-ahead makes prices steadier", "look-ahead", "garman_klass", -1),
    Finding("more tickets spread proposing", "supply", "top_share", -1),
)
"""What Stichler (2025) finds, in the abstract and the summary; the last is asked beside these. Capture is the
paper's own, of cash: the first tickets are handed out, and as many are sold as used. Shares are fractions."""


def judged(
    contrasts: Contrasts, findings: Iterable[Finding], made_of: Mapping[str, Sampling] = NOTHING_KNOWN
) -> pd.DataFrame:
    """A row for each finding and pricing: the statistics of the differences (see `Statistics`), the verdict, and
    how sure it is that the mean has the claimed sign (or lies within the margin), %, by Student's t.

    `made_of` says what a metric of one run is made of. Where the mean has no interval the finding is undecided.
    """
    rows = [
        {"finding": finding.claim, "pricing": place(finding, pricing), "metric": finding.metric, **judgement}
        for finding in findings
        for (contrast, pricing), changes in contrasts.items()
        if contrast == finding.contrast and (judgement := judge(finding, changes[finding.metric], made_of))
    ]
    columns = ["finding", "pricing", "metric", *FIGURES, "verdict", "sure", "reason"]
    return pd.DataFrame(rows, columns=columns)


def place(finding: Finding, pricing: str) -> str:
    """Which pricing it is about, or which two."""
    if finding.contrast.startswith("less "):
        return f"{pricing} {finding.contrast}"
    return pricing


def judge(finding: Finding, changes: pd.Series, made_of: Mapping[str, Sampling]) -> Mapping[str, object]:
    """The verdict on one finding; empty where fewer than two seeds have the metric."""
    sample = changes.dropna().to_numpy(float)
    if len(sample) < 2:
        return {}
    found = describe(sample, made_of.get(finding.metric, ONE_DRAW))
    told = {**figures(found), "reason": found["reason"]}
    if found["low"] is None or found["high"] is None:
        return {**told, "verdict": verdict(False, False), "sure": None}
    said = verdict_of(finding, found["low"], found["high"])
    return {**told, "verdict": said, "sure": certainty(finding, sample)}


def verdict_of(finding: Finding, low: float, high: float) -> str:
    """What the interval of the mean difference says of a finding."""
    if finding.direction == 0:
        holds = -finding.margin < low and high < finding.margin
        fails = high < -finding.margin or low > finding.margin
    else:
        ends = sorted((finding.direction * low, finding.direction * high))
        holds = ends[0] > 0
        fails = ends[1] < 0
    return verdict(holds, fails)


def verdict(holds: bool, fails: bool) -> str:
    """What an interval says of a finding."""
    if holds:
        return "holds"
    if fails:
        return "does not hold"
    return "undecided"


def certainty(finding: Finding, values: np.ndarray) -> float:
    """The share of Student's distribution of the mean that lies where the finding says, %."""
    spread = float(np.std(values, ddof=1)) / len(values) ** 0.5
    mean = float(np.mean(values))
    if spread == 0:
        return 100.0 * is_met(finding, mean)
    law = stats.t(len(values) - 1, mean, spread)
    if finding.direction == 0:
        return 100.0 * float(law.cdf(finding.margin) - law.cdf(-finding.margin))
    if finding.direction > 0:
        return 100.0 * float(law.sf(0))
    return 100.0 * float(law.cdf(0))


def is_met(finding: Finding, mean: float) -> bool:
    """Whether a mean that is certain lies where the finding says."""
    if finding.direction == 0:
        return abs(mean) < finding.margin
    return finding.direction * mean > 0
