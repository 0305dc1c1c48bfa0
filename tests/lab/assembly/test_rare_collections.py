"""How often Python looks for garbage while a run goes on, and after it."""

from __future__ import annotations

import gc

import pytest

from experiments import run
from experiments.lab.assembly.rare_collections import THRESHOLDS, rare_collections


@pytest.fixture(autouse=True)
def as_before():
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


@pytest.mark.parametrize(
    ("own", "inside"),
    [((700, 10, 10), THRESHOLDS), ((500_000, 5, 30), (500_000, THRESHOLDS[1], 30)), ((0, 10, 10), (0, 10, 10))],
)
def test_it_is_rarer_inside_and_as_it_was_outside(own, inside):
    """A first threshold of 0 is how a user turns the collector off."""
    gc.set_threshold(*own)
    with rare_collections():
        assert gc.get_threshold() == inside
    assert gc.get_threshold() == own


def test_what_is_raised_leaves_it_as_it_was():
    before = gc.get_threshold()
    with pytest.raises(KeyError), rare_collections():
        {}["nothing"]
    assert gc.get_threshold() == before


def test_a_run_leaves_it_as_it_was():
    gc.set_threshold(701, 11, 12)
    seen = []
    run({"blocks": 3}, signatures="off", progress=lambda *_: seen.append(gc.get_threshold()) or True)
    assert set(seen) == {THRESHOLDS}
    assert gc.get_threshold() == (701, 11, 12)
