"""Nobody gains by naming another cost, and the moment of exercise has its exact law."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.exercise_control import COSTS, REWARD, contract_price, discount_at, sale_to


@pytest.mark.parametrize("own", [0.22, 0.3, 0.39])
def test_nobody_gains_by_naming_another_cost(own):
    sale = sale_to(2)
    rival = sale.costs.ppf((np.arange(4000) + 0.5) / 4000)
    named = np.linspace(*COSTS, 201)

    def profit(said: float) -> float:
        wins = rival > said
        price = contract_price(sale, np.full(rival.shape, said), np.maximum(rival, said))
        made = sale.option.value_at(REWARD, own, sale.threshold(said))
        return float(np.where(wins, made - price, 0.0).mean())

    profits = [profit(said) for said in named]
    assert abs(named[int(np.argmax(profits))] - own) < 2e-3
    assert profit(own) > 0


@pytest.mark.parametrize("threshold", [0.35, 0.5, 0.9])
def test_the_moment_of_exercise_has_the_discount_of_its_closed_form(threshold):
    sale = sale_to(1)
    drawn = discount_at(sale, np.full(200_000, threshold), np.random.default_rng(11))
    error = drawn.std() / np.sqrt(drawn.size)
    assert abs(drawn.mean() - float(sale.option.reaches(REWARD, threshold))) < 4 * error


def test_the_gains_that_the_docs_name():
    gains = {n: sale_to(n).contract_revenue / sale_to(n).cash_revenue - 1 for n in (1, 5)}
    assert gains[1] == pytest.approx(0.076, abs=5e-4)
    assert gains[5] == pytest.approx(0.017, abs=5e-4)
