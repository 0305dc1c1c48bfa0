"""What theory says of rights of several blocks, and that the committed answer is near it."""

from __future__ import annotations

import numpy as np
import pytest

from experiments import round_length as made
from experiments.lab.study.experiment import expected
from experiments.round_length import CASES, RoundCase


def test_of_single_blocks_the_sale_is_that_of_four_uniform_values():
    one = made.expected(RoundCase("alike", 1))
    assert (one.price, one.efficiency) == pytest.approx((0.6, 1.0), abs=1e-5)
    more = made.expected(RoundCase("one pays more", 1))
    assert more.chances[0] == pytest.approx(1 / 4.4 + 1 - 1 / 1.1, abs=1e-5)
    assert more.chances.sum() == pytest.approx(1.0)


@pytest.mark.parametrize("length", [1, 8])
def test_who_pays_nothing_more_is_like_all_others(length, monkeypatch):
    monkeypatch.setattr(made, "PREMIUM", 0.0)
    more = made.with_premium.__wrapped__(length)
    alike = made.expected(RoundCase("alike", length))
    assert more.chances == pytest.approx(alike.chances, abs=1e-4)
    assert (more.price, more.efficiency) == pytest.approx((alike.price, alike.efficiency), abs=1e-4)


def test_shares_of_an_epoch_and_rows_are_those_of_drawn_winners():
    rng = np.random.default_rng(0)
    case = RoundCase("one pays more", 2)
    theory = made.expected(case)
    winners = np.repeat(rng.choice(4, size=(20_000, made.EPOCH // 2), p=theory.chances), 2, axis=1)
    shares = np.array([(winners == buyer).mean(axis=1) for buyer in range(4)])
    assert (shares**2).sum(axis=0).mean() == pytest.approx(made.expected_hhi(case, theory), abs=0.002)
    windows = np.lib.stride_tricks.sliding_window_view(winners.ravel(), made.ROW)
    rows = (windows == windows[:, :1]).all(axis=1).mean()
    assert rows == pytest.approx(made.expected_row(case, theory), abs=0.003)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_committed_answer_is_near_theory(case):
    values = expected("round_length")[-1]["values"]
    theory = made.expected(case)
    assert values[f"{case.name}.price"] == pytest.approx(theory.price, abs=0.008)
    assert values[f"{case.name}.efficiency"] == pytest.approx(theory.efficiency, abs=0.008)
    assert values[f"{case.name}.HHI of an epoch"] == pytest.approx(made.expected_hhi(case, theory), abs=0.04)
    assert values[f"{case.name}.4 in a row"] == pytest.approx(made.expected_row(case, theory), abs=0.02)
