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


def same_name(settings: Settings, blocks: int = 6) -> Answer:
    raise AssertionError(settings, blocks)


def pair(settings: Settings, supplies: tuple[int, ...] = (8, 16)) -> Answer:
    raise AssertionError(settings, supplies)


def bare(settings: Settings, seeds: int) -> Answer:
    raise AssertionError(settings, seeds)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (same_name, "blocks is one that every experiment has"),
        (bare, "seeds: int has no default"),
        (pair, r"supplies is a tuple, .* write supplies: list\[int\] = \[8, 16\]"),
    ],
)
def test_an_option_that_a_command_cannot_have_is_told(answer, says):
    with pytest.raises(InputError, match=rf"mine\.py: the option {says}"):
        Experiment("mine.py", "Why?", answer).command_line()


def test_settings_that_are_none_and_names_in_the_wrong_order_are_told():
    mine = Experiment("mine.py", "Why?", misses)
    for given, says in (
        (30, "settings is 30; it takes a Settings"),
        (Settings, r"takes a Settings: Settings\(\)"),
    ):
        with pytest.raises(InputError, match=says):
            mine.answer(given)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="an Experiment has no 'answr'; did you mean 'answer'"):
        mine.answr  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(InputError, match=r"the file is 'Why.'; write experiment = Experiment"):
        Experiment("Why?", "mine.py", misses)


def test_a_file_that_was_changed_since_its_import_is_warned_of(tmp_path):
    """A notebook writes it anew, and imports it once more: Python gives what it has."""
    file = tmp_path / "mine.py"
    file.write_text("first")
    mine = Experiment(str(file), "Why?", lambda _: Answer(pd.DataFrame({"a": [1]}), {"a": 1.0}))
    assert mine.answer(Settings()).values == {"a": 1.0}
    file.write_text("second")
    with pytest.warns(UserWarning, match=r"mine\.py was changed .* importlib\.reload\(mine\)"):
        mine.answer(Settings())


def test_differences_to_nothing_are_none_with_a_warning(tmp_path):
    mine = Experiment(str(tmp_path / "mine.py"), "Why?", misses)
    with pytest.warns(UserWarning, match="nothing is kept in mine.golden yet"):
        assert mine.differences() == []


def test_an_answer_that_is_none_says_so_in_a_notebook():
    none = Answer(3, {"a": "b"})  # type: ignore[arg-type,dict-item]
    assert "give a dataframe" in none._repr_html_()
    assert "give a dataframe" in str(none)
    with pytest.raises(InputError, match="an Answer has no 'value'; did you mean 'values'"):
        Answer(pd.DataFrame(), {}).value  # type: ignore[attr-defined]  # noqa: B018
