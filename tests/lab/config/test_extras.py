"""Without an extra, what needs it says so in one line, before it begins."""

from __future__ import annotations

import sys

import pytest

from experiments.lab.config.errors import InputError
from experiments.lab.study import Settings
from experiments.lab.study.plot import axes
from experiments.structures import experiment

OWN = """
from et_testbed import Answer, Experiment, axes

def answer(settings):
    raise AssertionError("it was played")

experiment = Experiment(__file__, "Is it?", answer)
"""
TOURNAMENT = ("tournament", "mine.toml", "--entrants", "truthful,shade", "--seating", "full")


@pytest.fixture
def absent(monkeypatch):
    """As if a module were not installed."""

    def remove(module):
        monkeypatch.setitem(sys.modules, module, None)

    return remove


@pytest.mark.parametrize(
    ("module", "command", "extra"),
    [
        ("matplotlib", ["experiments", "own.py"], "figures"),
        ("matplotlib", [*TOURNAMENT, "--out", "out"], "figures"),
        ("nashpy", TOURNAMENT, "games"),
    ],
)
def test_the_extra_is_named_before_anything_is_played(et_testbed, absent, tmp_path, module, command, extra):
    (tmp_path / "own.py").write_text(OWN)
    absent(module)
    done = et_testbed(*command, cwd=tmp_path)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ")
    assert line.endswith(f" needs {module}: pip install 'et-testbed[{extra}]'")
    assert [path.name for path in tmp_path.iterdir()] == ["own.py"]


def test_an_axis_names_it_too(absent):
    absent("matplotlib")
    with pytest.raises(InputError, match=r"a figure needs matplotlib: pip install 'et-testbed\[figures\]'"):
        axes("x", "y")


def test_an_experiment_of_the_project_is_not_played_without_what_draws_it(absent):
    absent("matplotlib")
    with pytest.raises(InputError, match=r"structures draws and needs matplotlib: pip install 'et-testbed\[fig"):
        experiment.answer(Settings(blocks=10**9))
