"""The symmetric equilibria of a measured game, how sure they are, and which cells cannot be told apart."""

from __future__ import annotations

import nashpy
import numpy as np
import pytest

from experiments.lab.config.errors import InputError
from experiments.lab.tournament.equilibria import equilibria_by_support, symmetric_equilibria
from experiments.lab.tournament.game_text import equilibrium_lines
from experiments.lab.tournament.overlaps import Overlap, Tie, overlaps, ties
from experiments.lab.tournament.resamples import equilibria

HAWK_DOVE = np.array([[-1.0, 2.0], [0.0, 1.0]])
DILEMMA = np.array([[3.0, 0.0], [5.0, 1.0]])
COORDINATION = np.array([[2.0, 0.0], [0.0, 1.0]])
ROCK_PAPER_SCISSORS = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]])
AB = ["a", "b"]


def seeds(table, noise: float, count: int = 40) -> np.ndarray:
    """A game measured on some seeds."""
    return table + np.random.default_rng(1).normal(0, noise, (count, *table.shape))


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (HAWK_DOVE, [[0.5, 0.5]]),
        (DILEMMA, [[0, 1]]),
        (COORDINATION, [[1, 0], [0, 1], [1 / 3, 2 / 3]]),
        (ROCK_PAPER_SCISSORS, [[1 / 3] * 3]),
        (np.ones((2, 2)), [[1, 0], [0, 1]]),
    ],
    ids=["hawk and dove", "dilemma", "coordination", "rock, paper, scissors", "nothing at stake"],
)
def test_equilibria_of_known_games(table, expected):
    assert np.allclose(symmetric_equilibria(table), expected)
    assert np.allclose(symmetric_equilibria(100 + 1e-3 * table), expected)


def test_equilibria_are_those_that_nashpy_finds_by_vertices():
    """Its own search by supports misses some to rounding."""
    tables = np.random.default_rng(2).normal(size=(15, 4, 4))
    found = equilibria_by_support(tables)
    for number, table in enumerate(tables):
        pairs = nashpy.Game(table, table.T).vertex_enumeration()
        theirs = {tuple(np.round(row, 6)) for row, column in pairs if np.allclose(row, column)}
        mine = {tuple(np.round(shares[number], 6)) for shares in found.values() if shares[number, 0] >= 0}
        assert mine == theirs


def test_too_many_entrants_for_equilibria_are_refused():
    with pytest.raises(InputError, match="at most 10"):
        symmetric_equilibria(np.eye(11))


def test_an_equilibrium_that_noise_makes_is_not_stated_as_a_fact():
    """b is better against b by 1 standard error: b alone is an equilibrium in Φ(1) = 84 % of the samples, and a in
    all."""
    table = np.array([[2.0, 0.0], [0.0, 1.0]])
    noise = np.random.default_rng(3).normal(size=200)
    noise = (noise - noise.mean()) / noise.std()
    against = np.repeat(table[np.newaxis], 200, axis=0)
    against[:, 0, 1] = noise
    against[:, 1, 1] = 200**-0.5
    found = equilibria(AB, against, seed=1)
    assert [one.shares for one in found.found[:2]] == [{"a": 1, "b": 0}, {"a": 0, "b": 1}]
    assert [one.found_in for one in found.found] == [
        1,
        pytest.approx(0.84, abs=0.04),
        pytest.approx(0.84, abs=0.04),
    ]
    assert found.alternatives == ()


def test_an_equilibrium_that_other_seeds_would_have_is_told():
    """As before, but b is worse by 1 standard error in these seeds."""
    against = np.repeat(COORDINATION[np.newaxis], 200, axis=0)
    against[:, 0, 1] = np.tile([1.0, -1.0], 100)
    against[:, 1, 1] = -(200**-0.5)
    found = equilibria(AB, against, seed=1)
    assert [one.shares for one in found.found] == [{"a": 1, "b": 0}]
    assert [one.among for one in found.alternatives] == [("b",), ("a", "b")]
    assert found.alternatives[0].found_in == pytest.approx(0.16, abs=0.04)
    first, *others = equilibrium_lines(found, seeds=200)
    assert first == "symmetric equilibrium: all a; in 100 % of the resamples of the seeds"
    assert [line.partition("resamples: ")[2] for line in others] == ["all b", "a mix of a and b"]


def test_the_shares_of_a_mix_have_ends_that_hold_the_truth():
    """Half hawks; the share moves by about sd/4 of a cell's mean error."""
    one = equilibria(AB, seeds(HAWK_DOVE, 0.5), seed=1).found[0]
    assert one.found_in == 1
    assert one.low["a"] < 0.5 < one.high["a"]
    assert 0.05 < one.high["a"] - one.low["a"] < 0.2


def test_the_same_seed_draws_the_same_resamples_and_one_seed_none():
    against = seeds(HAWK_DOVE, 0.5)
    assert equilibria(AB, against, seed=1) == equilibria(AB, against, seed=1)
    assert equilibria(AB, against, seed=1) != equilibria(AB, against, seed=2)
    alone = equilibria(AB, against[:1], seed=1)
    assert [one.found_in for one in alone.found] == [None] * len(alone.found)


def test_cells_that_overlap_are_named_and_such_as_are_equal():
    """Against a, b does better for sure, and c as b; against b, a and c are within the noise; b is far behind."""
    rng = np.random.default_rng(4)
    against = np.zeros((20, 3, 3))
    against[:, 0] = [0, 5, 1]
    against[:, 1] = against[:, 2] = [3, 0, 0]
    against[:, 2, 1] = 5 + rng.normal(0, 1, 20)
    best, *others = np.array(["a", "c"])[np.argsort([-5, -against[:, 2, 1].mean()])]
    assert overlaps(["a", "b", "c"], against) == [Overlap("b", (best, *others))]
    assert ties(["a", "b", "c"], against) == [Tie("a", ("b", "c"))]


def test_one_seed_tells_no_cells_apart():
    assert overlaps(AB, DILEMMA[np.newaxis]) == [Overlap("a", ("b", "a")), Overlap("b", ("b", "a"))]
