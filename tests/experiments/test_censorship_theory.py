"""The closed forms of censorship, beside draws of costs."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.censorship import BUYERS, LENGTH, WIDTH, CensorCase

COSTS = np.random.default_rng(1).random((400_000, BUYERS))


@pytest.mark.parametrize(("bribe", "reserve"), [(0.3, 1.0), (2.0, 1.0), (2.0, 0.4)])
def test_chance_and_loss_are_those_of_second_price_auctions(bribe, reserve):
    own, rest = COSTS[:, 0], np.minimum(COSTS[:, 1:].min(axis=1), reserve)
    case = CensorCase("just in time", bribe=bribe, reserve=reserve)
    wins = own - bribe < rest
    loss = WIDTH * (np.maximum(rest - own, 0) - (rest - own) * wins)
    assert case.loss == pytest.approx(loss.mean(), abs=4 * loss.std() / len(loss) ** 0.5)
    if reserve == 1:
        assert case.chance == pytest.approx(wins.mean(), abs=0.003)


def test_tickets_sold_ahead_are_had_by_chance():
    case = CensorCase("maturity", life=2)
    assert [case.reaches(wait) for wait in (0, 3, 3 + LENGTH)] == pytest.approx([1, 1 / 64, 1 / 64])
    assert case.reaches(4 + LENGTH) == pytest.approx(1 / 256)
    assert [CensorCase("lottery").reaches(wait) for wait in (1, 5)] == pytest.approx([1 / 4, 1 / 1024])
