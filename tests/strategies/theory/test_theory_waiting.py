"""Buyers who choose when to enter, against the game played out."""

from __future__ import annotations

import numpy as np
import pytest

from strategies.theory.waiting import WaitingGame

UNIFORM = {buyers: 1 / (buyers * (buyers + 1)) for buyers in (2, 3, 5)}  # π(n), values U[0, 1]


def played(own, others, buyers, quorum, entry_cost, rate, maturity):
    """The mean gain of buyer 0 over many draws, rule by rule."""
    rng, total, draws = np.random.default_rng(3), 0.0, 40_000
    for values in rng.random((draws, buyers)):
        entries = np.array([own] + [others] * (buyers - 1))
        present = [np.count_nonzero(entries <= block) for block in range(maturity + 1)]
        sale = next((block for block, count in enumerate(present) if count >= quorum), maturity)
        if own <= sale:
            rivals = values[1:][entries[1:] <= sale]
            total += (1 + rate) ** -maturity * max(values[0] - rivals.max(initial=0.0), 0.0)
            total -= (1 + rate) ** -own * entry_cost
    return total / draws


@pytest.mark.parametrize("quorum", [2, 3])
@pytest.mark.parametrize(("own", "others"), [(0, 0), (2, 4), (4, 2), (4, 4), (0, 4)])
def test_gains_are_those_of_the_game(quorum, own, others):
    game = WaitingGame(UNIFORM[3], 3, quorum, 0.02, 0.05, 4)
    expected = played(own, others, 3, quorum, 0.02, 0.05, 4)
    assert float(game.gain(own, others)) == pytest.approx(expected, abs=4 * 0.25 / 200)


def test_with_a_quorum_of_all_only_maturity_remains():
    assert WaitingGame(UNIFORM[5], 5, 5, 0.01, 0.01, 20).equilibria() == [20]


def test_with_a_smaller_quorum_every_block_at_which_entry_pays():
    game = WaitingGame(UNIFORM[5], 5, 3, 0.03, 0.01, 20)
    pays = [block for block in range(21) if 0.03 * 1.01 ** (20 - block) <= UNIFORM[5]]
    assert game.equilibria() == pays
    assert 0 < len(pays) < 21


def test_where_k_eats_the_surplus_nobody_enters():
    assert WaitingGame(UNIFORM[2], 2, 2, 0.2, 0.01, 10).equilibria() == []


@pytest.mark.parametrize(("quorum", "maturity", "cost"), [(1, 5, 0.1), (4, 5, 0.1), (2, -1, 0.1), (2, 5, -0.1)])
def test_bad_games_are_refused(quorum, maturity, cost):
    with pytest.raises(ValueError, match=r"quorum|negative"):
        WaitingGame(0.1, 3, quorum, cost, 0.01, maturity)
