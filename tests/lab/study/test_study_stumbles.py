"""Mistakes in an experiment of one's own that are told in a line, and figures that a notebook shows."""

from __future__ import annotations

import pandas as pd
import pytest

from experiments import Answer, Experiment, InputError, Settings, axes
from experiments.lab.study.plot import panels


def test_a_notebook_shows_a_figure_of_axes_by_itself():
    figure, place = axes("x", "y", size=(1, 1))
    place.plot([1, 2])
    assert figure._repr_png_().startswith(b"\x89PNG")
    assert panels(1, 1)[0]._repr_png_().startswith(b"\x89PNG")


def test_a_name_that_an_answer_does_not_have_is_one_line():
    found = Answer(pd.DataFrame({"hhi": [1.0]}), {"hhi": 1.0}, {"share": axes("x", "y")[0]})
    answer = Experiment("mine.py", "Why?", lambda _: found).answer(Settings())
    for asked in (lambda: answer.figures["shares"], lambda: answer.values["hi"], lambda: answer.table["hh"]):
        with pytest.raises(InputError, match=r"there is no '.*'; did you mean '(share|hhi)'"):
            asked()


def forgets_settings(seeds: int = 6) -> Answer:
    raise AssertionError(seeds)


def misses(settings: Settings, seeds: int = 6) -> Answer:
    raise AssertionError(settings, seeds)


def test_an_answer_that_forgets_its_settings_is_told_how_it_is_written():
    with pytest.raises(InputError, match=r"write def answer\(settings, seeds: int = 6\)"):
        _ = Experiment("mine.py", "Why?", forgets_settings).options


def test_an_option_that_there_is_not_is_one_line():
    with pytest.raises(InputError, match=r"mine\.py: answer has no option seed; did you mean 'seeds'"):
        Experiment("mine.py", "Why?", misses).answer(Settings(), seed=2)
