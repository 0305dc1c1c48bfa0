"""What a choice of design changes, and whether that bears out what was claimed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from experiments.lab.sweep.statistics import describe

Contrasts = dict[tuple[str, str], pd.DataFrame]
"""By contrast and pricing, paired differences: a row for each seed, a column for each metric."""


class Finding(NamedTuple):
    """A claim about one metric: a contrast, a direction (+1: raises it, −1: lowers it), or, with direction 0, that
    the change is within `margin` of nothing."""

    claim: str
    contrast: str
    metric: str
    direction: int
    margin: float = 0.0


FINDINGS = (
    Finding("captures more than 1559 pricing", "less eip1559", "mev_capture", +1),
    Finding("second price captures more", "less first_price", "mev_capture", +1),
    Finding("second price captures more", "less amm", "mev_capture", +1),
    Finding("a secondary market raises capture", "secondary", "mev_capture", +1),
    Finding("a secondary market spreads proposing", "secondary", "top_share", -1),
    Finding("a secondary market spreads proposing", "secondary", "hhi", -1),
    Finding("expiry makes prices less steady", "maturity", "garman_klass", +1),
    Finding("expiry costs capture", "maturity", "mev_capture", -1),
    Finding("refunds change capture by less than a point", "refund", "mev_capture", 0, margin=1.0),
    Finding("look-ahead makes prices steadier", "look-ahead", "garman_klass", -1),
    Finding("more tickets spread proposing", "supply", "top_share", -1),
)
"""What Stichler (2025) finds, in the abstract and the summary; the last is asked beside these. Capture and shares
in points (%)."""


def judged(contrasts: Contrasts, findings: Iterable[Finding]) -> pd.DataFrame:
    """A row for each finding and pricing: the mean difference, its 95 % interval, the verdict, and how sure it is
    that the difference has the claimed sign (or lies within the margin), %, by Student's t."""
    rows = [
        {"finding": finding.claim, "pricing": place(finding, pricing), "metric": finding.metric, **verdict}
        for finding in findings
        for (contrast, pricing), changes in contrasts.items()
        if contrast == finding.contrast and (verdict := judge(finding, changes[finding.metric].dropna()))
    ]
    columns = ["finding", "pricing", "metric", "mean", "low", "high", "verdict", "sure"]
    return pd.DataFrame(rows, columns=columns)


def place(finding: Finding, pricing: str) -> str:
    """Which pricing it is about, or which two."""
    if finding.contrast.startswith("less "):
        return f"{pricing} {finding.contrast}"
    return pricing


def judge(finding: Finding, values: pd.Series) -> Mapping[str, float | str | None]:
    """The verdict on one finding; empty where fewer than two seeds have the metric."""
    if len(values) < 2:
        return {}
    found = describe(values.to_numpy(float))
    low = found["low"]
    high = found["high"]
    assert low is not None
    assert high is not None
    sure = certainty(finding, values.to_numpy(float))
    if finding.direction == 0:
        holds = -finding.margin < low and high < finding.margin
        fails = high < -finding.margin or low > finding.margin
    else:
        ends = sorted((finding.direction * low, finding.direction * high))
        holds = ends[0] > 0
        fails = ends[1] < 0
    told = verdict(holds, fails)
    return {"mean": found["mean"], "low": low, "high": high, "verdict": told, "sure": sure}


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
