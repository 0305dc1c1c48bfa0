"""A call with a wrong argument is told in one line."""

from __future__ import annotations

import pickle

import pytest

import experiments
from experiments.lab.config.errors import InputError

CALLS = {
    "run": ({"signature": "off"}, "'signatures'"),
    "resume": ({"jbs": 1}, "'jobs'"),
    "sweep": ({"seed": [1]}, "'seeds'"),
    "solve": ({"modl": 1}, "'model'"),
    "simulate": ({"ticket": 3}, "'tickets'"),
    "tournament": ({"entrant": "truthful"}, "'entrants'"),
    "exploit": ({"heldout": [1]}, "'held_out'"),
    "check": ({"view": 3}, "'views'"),
    "verify": ({"job": 2}, "'jobs'"),
    "audit_run": ({"job": 2}, "'jobs'"),
    "replay": ({"pth": "x"}, "'path'"),
    "load": ({"pth": "x"}, "'path'"),
    "Settings": ({"block": 10}, "'blocks'"),
    "Experiment": ({"fil": "mine.py"}, "'file'"),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_wrong_argument_is_told_with_what_comes_near(name):
    given, near = CALLS[name]
    with pytest.raises(InputError) as refused:
        getattr(experiments, name)(**given)
    (line,) = str(refused.value).splitlines()
    assert isinstance(refused.value, TypeError)
    assert line.startswith(f"{name}: there is no argument {next(iter(given))!r}; did you mean {near}")


def test_one_that_is_missing_and_one_too_many_are_told():
    with pytest.raises(InputError, match="load: missing a required argument: 'path'; it takes path"):
        experiments.load()
    with pytest.raises(TypeError, match="run: too many positional arguments; it takes config, seed, blocks"):
        experiments.run({}, 3)


def test_such_functions_travel():
    assert pickle.loads(pickle.dumps(experiments.run)) is experiments.run
