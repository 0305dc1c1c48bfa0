"""A call with a wrong argument is told in one line."""

from __future__ import annotations

import pickle
from importlib.metadata import version
from pathlib import Path

import et_testbed
import numpy as np
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


KINDS = {
    "solve": ((3,), "model is 3; it takes a Model or a RoundModel or a path or a dict"),
    "simulate": (({}, "10"), "tickets is '10'; it takes a whole number"),
    "run": ((3,), "config is 3; it takes a Config or a dict or a path or None"),
    "load": ((3.0,), "path is 3.0; it takes a path"),
    "Settings": ((np.float64(2),), "blocks is .*2.0.*; it takes a whole number or None"),
    "Experiment": ((3, None, None), "file is 3; it takes a text"),
    "Settings, of a text": ((None, None, "a.b=1"), r"overrides is 'a.b=1'; it takes a list of texts: \['a.b=1'\]"),
}


@pytest.mark.parametrize("name", KINDS)
def test_an_argument_of_the_wrong_kind_is_told_with_what_it_takes(name):
    given, says = KINDS[name]
    with pytest.raises(TypeError, match=f"{name.partition(',')[0]}: {says}$"):
        getattr(experiments, name.partition(",")[0])(*given)


@pytest.mark.parametrize("call", [experiments.run, experiments.sweep, experiments.exploit])
def test_overrides_are_a_list_and_no_text_or_dict(call):
    written = r"overrides is .*; it takes a list of texts: \['chain.supply=4'\]$"
    for given in ("chain.supply=4", {"chain.supply": 4}):
        with pytest.raises(InputError, match=written):
            call("truthful", overrides=given)


def test_each_argument_of_the_wrong_kind_is_a_line():
    with pytest.raises(InputError) as refused:
        experiments.simulate({}, sale_blocks="0,5", seed=True)
    assert [line.partition(";")[0] for line in str(refused.value).splitlines()] == [
        "simulate: sale_blocks is '0,5'",
        "simulate: seed is True",
    ]


@pytest.mark.parametrize("blocks", [2, np.int64(2), None])
def test_whole_numbers_of_numpy_are_as_good(blocks):
    assert experiments.Settings(blocks=blocks, out="oo").out == Path("oo")


def test_a_dict_over_a_file_is_refused_in_a_line():
    for take in (experiments.run, experiments.sweep, experiments.solve):
        with pytest.raises(InputError, match=r"^the (config|model): base is for files"):
            take({"base": "day.toml"})


@pytest.mark.parametrize(("seeds", "says"), [([], "there are none"), (3, r"3 is no list of seeds; write \[3\]")])
def test_seeds_that_are_none_are_told(seeds, says):
    with pytest.raises(InputError, match=says):
        experiments.sweep({}, {}, seeds)
    with pytest.raises(InputError, match=says):
        experiments.tournament({}, ["keep"], seeds)


def test_the_face_knows_its_version_and_its_own_name():
    assert et_testbed.__version__ == version("et-testbed")
    with pytest.raises(AttributeError, match=r"module 'et_testbed' has no attribute 'rn'; did you mean 'run'\?"):
        _ = et_testbed.rn


def test_help_does_not_ask_for_what_needs_an_extra(monkeypatch):
    monkeypatch.setattr(experiments, "find_spec", lambda _: None)
    assert "rl" not in dir(experiments)
    assert "run" in dir(experiments)


def test_settings_say_what_comes_near():
    with pytest.raises(AttributeError, match="a Settings has no 'swep'; did you mean 'sweep'"):
        experiments.Settings().swep  # noqa: B018
