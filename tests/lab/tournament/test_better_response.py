"""Better-response dynamics of known games, with noise and without, and the price of anarchy."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.lab.statistics import describe
from experiments.lab.tournament.better_response import BetterResponse, Move
from experiments.lab.tournament.lineup_game import LineupGame
from experiments.lab.tournament.price_of_anarchy import Welfare, of_mix, price_of_anarchy
from tests.lab.tournament.test_equilibria import COORDINATION, DILEMMA, HAWK_DOVE, ROCK_PAPER_SCISSORS


def symmetric(table, noise: float = 0.0, seeds: int = 5) -> BetterResponse:
    """The dynamics of a game of two who are alike."""
    count = len(table)
    lineups = [(own, other) for own in range(count) for other in range(count)]
    exact = np.array([[table[own, other], table[other, own]] for own, other in lineups])
    drawn = np.random.default_rng(1).normal(0, noise, (len(lineups), seeds, 2))
    return BetterResponse(LineupGame(lineups, exact[:, np.newaxis] + drawn, count).moves())


def of_two(row, column) -> BetterResponse:
    """The dynamics of a game of two who are not: `row[i, j]` and `column[i, j]` are what they earn."""

    def moves(i, j):
        yield from (Move(i, k, (k, j), describe(np.array([row[k, j] - row[i, j]]))) for k in (0, 1) if k != i)
        yield from (
            Move(j, k, (i, k), describe(np.array([column[i, k] - column[i, j]]))) for k in (0, 1) if k != j
        )

    return BetterResponse({(i, j): list(moves(i, j)) for i in (0, 1) for j in (0, 1)})


def test_in_the_dilemma_one_after_the_other_defects():
    dynamics = symmetric(DILEMMA)
    walk = dynamics.walk((0, 0))
    assert [(step.mover, step.to, step.reached, step.gain["mean"]) for step in walk.steps] == [
        (0, 1, (0, 1), 2.0),
        (0, 1, (1, 1), 1.0),
    ]
    assert walk.cycle == ()
    assert (dynamics.stops(), dynamics.cycles()) == ([(1, 1)], [])


def test_matching_pennies_go_round():
    row = np.array([[1.0, -1.0], [-1.0, 1.0]])
    dynamics = of_two(row, -row)
    assert dynamics.stops() == []
    assert dynamics.cycles() == [((0, 0), (0, 1), (1, 1), (1, 0))]
    assert len(dynamics.walk((1, 1)).steps) == 4


def test_coordination_stops_in_two_places():
    dynamics = symmetric(COORDINATION)
    assert dynamics.stops() == [(0, 0), (1, 1)]
    assert dynamics.walk((0, 1)).end == (0, 0)  # who leaves b gains 2, who leaves a gains 1


def test_hawk_and_dove_stop_where_they_differ():
    dynamics = symmetric(HAWK_DOVE)
    assert dynamics.stops() == [(0, 1)]
    assert [walk.end for walk in dynamics.walks()] == [(0, 1), (0, 1)]


def test_rock_paper_scissors_come_into_a_cycle():
    dynamics = symmetric(ROCK_PAPER_SCISSORS)
    assert dynamics.stops() == []
    assert dynamics.cycles() == [((0, 1), (1, 2), (0, 2))]
    assert dynamics.walk((0, 0)).cycle == ((0, 1), (1, 2), (0, 2))


def test_three_may_be_at_rest_two_and_one():
    """A road that gets slower the more are on it, and one that takes 2.5: two take the first, one the second."""
    lineups = [(0, 0, 0), (0, 0, 1), (0, 1, 1), (1, 1, 1)]
    earned = [[-lineup.count(0) if one == 0 else -2.5 for one in lineup] for lineup in lineups]
    game = LineupGame(lineups, np.array(earned)[:, np.newaxis], 2)
    assert game.is_whole
    dynamics = BetterResponse(game.moves())
    assert dynamics.stops() == [(0, 0, 1)]
    assert [len(walk.steps) for walk in dynamics.walks()] == [1, 2]
    assert not LineupGame(lineups[:2], np.array(earned[:2])[:, np.newaxis], 2).is_whole


def test_a_gain_within_its_error_moves_nobody_and_is_told():
    table = np.array([[1.0, 0.0], [1.02, 0.5]])
    sure, unsure = symmetric(table), symmetric(table, noise=0.1, seeds=10)
    assert sure.stops() == [(1, 1)]
    assert (0, 0) in unsure.stops()
    move = unsure.tempting((0, 0))
    assert move is not None
    assert move.to == 1
    assert move.gain["low"] < 0 < move.gain["mean"]


def test_twins_that_earn_the_same_but_for_rounding_do_not_turn_into_each_other():
    table = np.array([[1.0, 1.0], [1.0, 1.0 + 1e-15]])
    assert symmetric(table).stops() == [(0, 0), (0, 1), (1, 1)]


def test_the_price_of_anarchy_by_hand():
    """The dilemma: 2 of 6. Hawk and dove: (H, D) makes 2 of 2, half hawks E = (−2 + 2 + 2 + 2) / 4 = 1 of 2."""
    seeds = np.ones(3)
    dilemma = price_of_anarchy({"all defect": Welfare(2 * seeds, 6 * seeds)})
    assert dilemma.worst.efficiency["mean"] == pytest.approx(1 / 3)
    made = np.repeat((HAWK_DOVE + HAWK_DOVE.T)[np.newaxis], 3, axis=0)
    half = of_mix(np.array([0.5, 0.5]), Welfare(made, np.full_like(made, 2.0)))
    found = price_of_anarchy({"one of each": Welfare(2 * seeds, 2 * seeds), "half": half})
    assert [(point.label, point.efficiency["mean"]) for point in found.equilibria] == [
        ("half", 0.5),
        ("one of each", 1),
    ]
    assert (found.worst.label, found.best.label) == ("half", "one of each")


def test_the_price_of_anarchy_has_the_interval_of_its_seeds_mean():
    """.6, .7, .8 by seed: .7 ± 4.303 · .1 / √3. A seed on which nothing could be made is left out."""
    made, greatest = np.array([6.0, 14.0, 8.0, 0.0]), np.array([10.0, 20.0, 10.0, 0.0])
    found = price_of_anarchy({"rest": Welfare(made, greatest)}).worst.efficiency
    assert (found["low"], found["mean"], found["high"]) == pytest.approx((0.4516, 0.7, 0.9484), abs=1e-4)
    assert price_of_anarchy({"rest": Welfare(np.zeros(2), np.zeros(2))}) is None
