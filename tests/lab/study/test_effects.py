"""Verdicts on claims: whether paired differences bear them out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from experiments.lab.study.effects import Finding, judged

RAISES = Finding("it raises capture", "secondary", "capture", +1)
LOWERS = Finding("it lowers capture", "secondary", "capture", -1)
LEAVES = Finding("it changes little", "secondary", "capture", 0, margin=1.0)
SPREAD = np.array([-1.0, 1.0] * 8)  # mean 0, standard error 1/sqrt(15)


def verdict(finding: Finding, mean: float, spread: float = 1.0) -> str:
    changes = pd.DataFrame({"capture": mean + spread * SPREAD})
    (row,) = judged({("secondary", "amm"): changes}, [finding]).to_dict("records")
    return row["verdict"]


@pytest.mark.parametrize(
    ("mean", "raises", "lowers"),
    [(0.6, "holds", "does not hold"), (-0.6, "does not hold", "holds"), (0.4, "undecided", "undecided")],
)
def test_a_direction_is_judged_by_the_interval(mean, raises, lowers):
    """The half-width is t(.975, 15)/sqrt(15) = .550."""
    assert verdict(RAISES, mean) == raises
    assert verdict(LOWERS, mean) == lowers


@pytest.mark.parametrize(
    ("mean", "said"),
    [(0.4, "holds"), (-0.4, "holds"), (0.5, "undecided"), (1.5, "undecided"), (-1.6, "does not hold")],
)
def test_a_small_change_is_one_whose_interval_lies_within_the_margin(mean, said):
    assert verdict(LEAVES, mean) == said


def test_how_sure_it_is_is_student_s():
    changes = pd.DataFrame({"capture": 0.4 + SPREAD})
    rows = judged({("secondary", "amm"): changes}, [RAISES, LOWERS, LEAVES])
    law = stats.t(15, 0.4, 1 / 15**0.5)
    expected = [law.sf(0), law.cdf(0), law.cdf(1) - law.cdf(-1)]
    assert rows.sure.tolist() == pytest.approx([100 * share for share in expected])
    assert rows["mean"].tolist() == pytest.approx([0.4] * 3)


def test_changes_that_are_all_alike_are_certain():
    assert verdict(RAISES, 0.2, spread=0.0) == "holds"
    assert verdict(LEAVES, 1.2, spread=0.0) == "does not hold"


def test_each_pricing_is_judged_by_itself_and_other_contrasts_are_left_out():
    changes = {
        ("secondary", "amm"): pd.DataFrame({"capture": 2 + SPREAD}),
        ("secondary", "eip1559"): pd.DataFrame({"capture": -2 + SPREAD}),
        ("supply", "amm"): pd.DataFrame({"capture": SPREAD}),
        ("secondary", "unmeasured"): pd.DataFrame({"capture": [np.nan] * 16}),
    }
    rows = judged(changes, [RAISES])
    assert dict(zip(rows.pricing, rows.verdict, strict=True)) == {"amm": "holds", "eip1559": "does not hold"}


def test_a_rival_is_named():
    rows = judged(
        {("less amm", "jit"): pd.DataFrame({"capture": 2 + SPREAD})}, [RAISES._replace(contrast="less amm")]
    )
    assert rows.pricing.tolist() == ["jit less amm"]
